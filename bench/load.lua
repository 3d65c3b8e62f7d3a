-- What wrk sends. Its arguments are a seed and the files of the requests, which are sent by turns.
-- A file holds the bytes of one request with places to fill in, all of a fixed width so that the
-- length of the body is known:
--   <random:COUNT:WIDTH>  a random number below COUNT
--   <turn:COUNT:WIDTH>    how many requests were made before, modulo COUNT
--   <next:WIDTH>          a number that no request had, also in earlier runs with smaller seeds

local requests = {}
local turn = -1
local first_next

-- The pieces of a request: texts, and functions of the number of the turn.
local function parse(text)
  local pieces = {}
  local position = 1
  while true do
    local from, to, kind, count, width = text:find("<(%a+):?(%d*):(%d+)>", position)
    if not from then break end
    pieces[#pieces + 1] = text:sub(position, from - 1)
    local form = "%0" .. width .. "d"
    count = tonumber(count)
    if kind == "random" then
      pieces[#pieces + 1] = function() return form:format(math.random(0, count - 1)) end
    elseif kind == "turn" then
      pieces[#pieces + 1] = function(number) return form:format(number % count) end
    elseif kind == "next" then
      pieces[#pieces + 1] = function(number) return form:format(first_next + number) end
    else
      error("no such place: " .. kind)
    end
    position = to + 1
  end
  pieces[#pieces + 1] = text:sub(position)
  return pieces
end

function init(arguments)
  local seed = tonumber(arguments[1])
  math.randomseed(seed)
  first_next = seed * 10000000
  for i = 2, #arguments do
    local file = assert(io.open(arguments[i], "rb"))
    requests[#requests + 1] = parse(file:read("*a"))
    file:close()
  end
end

function request()
  turn = turn + 1
  local pieces = requests[turn % #requests + 1]
  if #pieces == 1 then return pieces[1] end
  local filled = {}
  for i = 1, #pieces do
    local piece = pieces[i]
    filled[i] = type(piece) == "string" and piece or piece(turn)
  end
  return table.concat(filled)
end

-- One line that a program can read.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "\nsummary requests=%d microseconds=%d bytes=%d p50=%d p99=%d status=%d socket=%d\n",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
