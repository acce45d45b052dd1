-- Answer those of the ids that the stream does not hold. KEYS: lane. ARGV: msgpack list of ids.
local gone = {}
for _, id in ipairs(cmsgpack.unpack(ARGV[1])) do
  if #redis.call('XRANGE', KEYS[1], id, id) == 0 then
    gone[#gone + 1] = id
  end
end
return gone
