-- Tell renderers which generation to follow, and give each lane its consumer group, from the lane's beginning.
-- KEYS: generation, lane... ARGV: generation id, group. Answers how many of these were not there.
local restored = 0
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[1])
  restored = restored + 1
end
for lane = 2, #KEYS do
  local made = redis.pcall('XGROUP', 'CREATE', KEYS[lane], ARGV[2], '0', 'MKSTREAM')
  if not made.err then
    restored = restored + 1
  elseif not string.find(made.err, 'BUSYGROUP', 1, true) then
    return made
  end
end
return restored
