-- Take new jobs, each lane only with what the lanes before it left free.
-- KEYS: lane... ARGV: group, consumer, free slots. Answers {lane number, id, event}...
local taken = {}
for lane = 1, #KEYS do
  local free = tonumber(ARGV[3]) - #taken
  if free > 0 then
    local reply = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', free, 'STREAMS', KEYS[lane], '>')
    if reply then
      for _, entry in ipairs(reply[1][2]) do
        local fields = entry[2]
        taken[#taken + 1] = {lane, entry[1], fields[1] == 'e' and fields[2]}
      end
    end
  end
end
return taken
