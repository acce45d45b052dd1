-- Leave cleanly: hand every job of this consumer back, so that anybody may take it at once and no start is counted, and
-- give up the consumer name. KEYS: claim on the consumer name, lane...
-- ARGV: group, consumer, token, ms of silence after which jobs are taken over. Answers the number of jobs handed back.
local group, consumer = ARGV[1], ARGV[2]
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[3] then
  return 0
end
local released = 0
for lane = 2, #KEYS do
  local pending = redis.pcall('XPENDING', KEYS[lane], group, '-', '+', 10000, consumer)
  for _, job in ipairs(pending) do
    local starts = math.max(job[4] - 1, 0)
    redis.call('XCLAIM', KEYS[lane], group, consumer, 0, job[1], 'IDLE', ARGV[4], 'RETRYCOUNT', starts, 'JUSTID')
    released = released + 1
  end
end
redis.call('DEL', KEYS[1])
return released
