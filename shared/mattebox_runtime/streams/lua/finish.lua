-- Settle jobs that are still the caller's: result out, job acknowledged and deleted, as one step.
-- KEYS: results, claim on the consumer name, lane... ARGV: group, consumer, token of the claim,
-- msgpack list of {lane number, id, result}; an empty result is not sent. Answers 1 for each that was settled, 0 for each that is not the caller's.
local group, consumer = ARGV[1], ARGV[2]
local holder = redis.call('GET', KEYS[2])
local named = not holder or holder == ARGV[3]
local settled = {}
for i, job in ipairs(cmsgpack.unpack(ARGV[4])) do
  local lane, id = KEYS[2 + job[1]], job[2]
  local pending = named and redis.pcall('XPENDING', lane, group, id, id, 1, consumer)
  if pending and not pending.err and #pending == 1 then
    if job[3] ~= '' then
      redis.call('XADD', KEYS[1], '*', 'e', job[3])
    end
    redis.call('XACK', lane, group, id)
    redis.call('XDEL', lane, id)
    settled[i] = 1
  else
    settled[i] = 0
  end
end
return settled
