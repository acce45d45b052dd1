-- Forget consumers that have been silent for long and hold nothing: a renderer of another name took their place.
-- KEYS: lane... ARGV: group, ms of silence. Answers how many they were.
local forgotten = 0
for _, lane in ipairs(KEYS) do
  local consumers = redis.pcall('XINFO', 'CONSUMERS', lane, ARGV[1])
  if consumers.err and not (consumers.err:find('no such key', 1, true) or consumers.err:find('NOGROUP', 1, true)) then
    return consumers
  end
  for _, facts in ipairs(consumers) do
    local fact = {}
    for i = 1, #facts, 2 do
      fact[facts[i]] = facts[i + 1]
    end
    if fact.pending == 0 and fact.idle >= tonumber(ARGV[2]) then
      redis.call('XGROUP', 'DELCONSUMER', lane, ARGV[1], fact.name)
      forgotten = forgotten + 1
    end
  end
end
return forgotten
