-- Take over pending jobs that have been silent for a while; those that were deleted meanwhile are acknowledged.
-- KEYS: lane. ARGV: group, consumer, least idle ms, limit, whose ('' = anybody's), '1' = counts as a start,
-- msgpack list of ids not to take. Answers {id, event, starts}...
local group, consumer, idle, limit = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local skipped = {}
local skip = cmsgpack.unpack(ARGV[7])
for _, id in ipairs(skip) do
  skipped[id] = true
end
local range = {'XPENDING', KEYS[1], group, 'IDLE', idle, '-', '+', limit + #skip}
if ARGV[5] ~= '' then
  range[#range + 1] = ARGV[5]
end
local taken = {}
for _, pending in ipairs(redis.call(unpack(range))) do
  local id, starts = pending[1], pending[4]
  if #taken < limit and not skipped[id] then
    local entry = redis.call('XRANGE', KEYS[1], id, id)[1]
    if not entry then
      redis.call('XACK', KEYS[1], group, id)
    else
      if ARGV[6] == '1' then
        redis.call('XCLAIM', KEYS[1], group, consumer, 0, id)
        starts = starts + 1
      end
      taken[#taken + 1] = {id, entry[2][1] == 'e' and entry[2][2], starts}
    end
  end
end
return taken
