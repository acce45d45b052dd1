-- Count one more start of a job that is still the caller's.
-- KEYS: claim on the consumer name, lane. ARGV: group, consumer, token, id. Answers its starts, or 0 where it is not.
local holder = redis.call('GET', KEYS[1])
local pending = redis.pcall('XPENDING', KEYS[2], ARGV[1], ARGV[4], ARGV[4], 1, ARGV[2])
if (holder and holder ~= ARGV[3]) or pending.err or #pending == 0 then
  return 0
end
redis.call('XCLAIM', KEYS[2], ARGV[1], ARGV[2], 0, ARGV[4])
return pending[1][4] + 1
