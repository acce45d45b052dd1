-- Add jobs under ids of their own, in ascending order; one that is there already is left as it is.
-- KEYS: lane. ARGV: msgpack list of id, event, id, event...
-- Answers the ids that the stream refused although it does not hold them: settled meanwhile, or a foreign stream.
local jobs = cmsgpack.unpack(ARGV[1])
local refused = {}
for i = 1, #jobs, 2 do
  local added = redis.pcall('XADD', KEYS[1], jobs[i], 'e', jobs[i + 1])
  if type(added) == 'table' and added.err then
    if not string.find(added.err, 'equal or smaller', 1, true) then
      return added
    end
    if #redis.call('XRANGE', KEYS[1], jobs[i], jobs[i]) == 0 then
      refused[#refused + 1] = jobs[i]
    end
  end
end
return refused
