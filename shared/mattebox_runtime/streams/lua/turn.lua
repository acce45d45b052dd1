-- Settle jobs that are still the caller's (result out, job acknowledged and deleted) and take new ones, as one step.
-- KEYS: results, claim on the consumer name, lane... ARGV: group, consumer, token of the claim,
-- msgpack list of {lane number, id, result} (an empty result is not sent), how many new jobs to take: each lane is
-- only read for what the lanes before it left; how many of those are for the first lane only; how many of the others
-- the last lane is read for before all.
-- Answers {1 for each job that was settled, 0 for each that is not the caller's}, {lane number, id, event}...
local group, consumer = ARGV[1], ARGV[2]
local holder = redis.call('GET', KEYS[2])
local named = not holder or holder == ARGV[3]
local jobs = cmsgpack.unpack(ARGV[4])

local ids = {}
for _, job in ipairs(jobs) do
  local of_lane = ids[job[1]] or {}
  ids[job[1]] = of_lane
  of_lane[#of_lane + 1] = job[2]
end

local owned = {}
for lane, of_lane in pairs(named and ids or {}) do
  local one = #of_lane == 1 and of_lane[1]
  owned[lane] = {}
  -- Everything that the consumer holds in one call: asking for each id costs more than all the rest of this.
  local pending = redis.pcall('XPENDING', KEYS[2 + lane], group, one or '-', one or '+', 10000, consumer)
  for _, entry in ipairs(pending) do
    owned[lane][entry[1]] = true
  end
end

local settled, done = {}, {}
for i, job in ipairs(jobs) do
  local lane, id = job[1], job[2]
  settled[i] = 0
  if owned[lane] and owned[lane][id] then
    settled[i] = 1
    owned[lane][id] = nil
    if job[3] ~= '' then
      redis.call('XADD', KEYS[1], '*', 'e', job[3])
    end
    done[lane] = done[lane] or {}
    table.insert(done[lane], id)
  end
end
for lane, of_lane in pairs(done) do
  redis.call('XACK', KEYS[2 + lane], group, unpack(of_lane))
  redis.call('XDEL', KEYS[2 + lane], unpack(of_lane))
end

local taken = {}
local function take(lane, count)
  if count <= 0 or not named then
    return
  end
  local reply = redis.pcall('XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS', KEYS[2 + lane], '>')
  if reply and reply.err then
    return reply
  end
  for _, entry in ipairs(reply and reply[1][2] or {}) do
    local fields = entry[2]
    taken[#taken + 1] = {lane, entry[1], fields[1] == 'e' and fields[2]}
  end
end

local limit, lanes = tonumber(ARGV[5]), #KEYS - 2
local fault = take(lanes, tonumber(ARGV[7]))
for lane = 1, lanes do
  fault = fault or take(lane, limit - #taken - (lane > 1 and tonumber(ARGV[6]) or 0))
end
-- What was settled has to be told; who only reads is told the fault.
return #jobs == 0 and fault or {settled, taken}
