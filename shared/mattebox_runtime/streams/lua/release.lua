-- Leave cleanly: hand unfinished jobs back, so that anybody may take them at once and no start is counted, and give
-- up the consumer name. KEYS: claim on the consumer name, lane... ARGV: group, consumer, token, ms of silence after
-- which jobs are taken over, msgpack list of {lane number, id}. Answers the number of jobs handed back.
local group, consumer = ARGV[1], ARGV[2]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[3] then
  return 0
end
local released = 0
for _, job in ipairs(cmsgpack.unpack(ARGV[5])) do
  local lane, id = KEYS[1 + job[1]], job[2]
  local pending = redis.pcall('XPENDING', lane, group, id, id, 1, consumer)
  if not pending.err and #pending == 1 then
    local starts = math.max(pending[1][4] - 1, 0)
    redis.call('XCLAIM', lane, group, consumer, 0, id, 'IDLE', ARGV[4], 'RETRYCOUNT', starts, 'JUSTID')
    released = released + 1
  end
end
redis.call('DEL', KEYS[1])
return released
