-- Keep the consumer name and the leases on jobs that are still the caller's.
-- KEYS: claim on the consumer name, lane... ARGV: group, consumer, token, ms that the claim shall last,
-- msgpack list of {lane number, id}. Answers the number of leases renewed, or -1 where another process has the name.
local group, consumer = ARGV[1], ARGV[2]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[3] then
  return -1
end
redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
local renewed = 0
for _, job in ipairs(cmsgpack.unpack(ARGV[5])) do
  local lane, id = KEYS[1 + job[1]], job[2]
  local pending = redis.pcall('XPENDING', lane, group, id, id, 1, consumer)
  if not pending.err and #pending == 1 then
    redis.call('XCLAIM', lane, group, consumer, 0, id, 'JUSTID')
    renewed = renewed + 1
  end
end
return renewed
