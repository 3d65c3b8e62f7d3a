-- The requests that wrk sends. The arguments are a seed and the files with the requests, which are
-- sent in round-robin order. A file holds the bytes of one request with placeholders of a fixed
-- width, so that the length of the body is known:
--   <random:COUNT:WIDTH>  a random number below COUNT
--   <turn:COUNT:WIDTH>    the number of requests made before, modulo COUNT
--   <next:WIDTH>          a number that no request had before, also not in earlier runs with
--                         smaller seeds
--
-- Requests are built before the run, because building them during the run delays wrk: a server that
-- waits for wrk sleeps and wakes up, and that CPU time is counted as its own. Only requests with
-- <next> are built during the run.

local bytes_made_max = 32 * 1024 * 1024
local requests_made_max = 20000

local requests = {}  -- each a list of pieces
local made = {}
local needs_numbers = false
local turn = -1
local first_next

-- Returns the pieces of a request: strings, and functions of the number of the request.
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
      needs_numbers = true
    else
      error("no such place: " .. kind)
    end
    position = to + 1
  end
  pieces[#pieces + 1] = text:sub(position)
  return pieces
end

local function make(number)
  local filled = {}
  for i, piece in ipairs(requests[number % #requests + 1]) do
    filled[i] = type(piece) == "string" and piece or piece(number)
  end
  return table.concat(filled)
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
  if needs_numbers then return end
  local bytes = 0
  -- Always complete rounds of all requests, so that each request keeps its share.
  repeat
    for _ = 1, #requests do
      made[#made + 1] = make(#made)
      bytes = bytes + #made[#made]
    end
  until bytes > bytes_made_max or #made >= requests_made_max
end

function request()
  turn = turn + 1
  if needs_numbers then return make(turn) end
  return made[turn % #made + 1]
end

-- Prints one line that processes.py parses.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "\nsummary requests=%d microseconds=%d bytes=%d p50=%d p99=%d status=%d socket=%d\n",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
