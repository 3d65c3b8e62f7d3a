-- What wrk sends. Its arguments are a seed and the files of the requests, which are sent by turns.
-- A file holds the bytes of one request with places to fill in, all of a fixed width so that the
-- length of the body is known:
--   <random:COUNT:WIDTH>  a random number below COUNT
--   <turn:COUNT:WIDTH>    how many requests were made before, modulo COUNT
--   <next:WIDTH>          a number that no request had, also in earlier runs with smaller seeds
--
-- Requests are made before the run, so that making them does not hold up sending: a server that
-- has to wait for wrk sleeps and wakes, and pays for it. One that needs a new number is made in its
-- turn.

local bytes_made_max = 32 * 1024 * 1024
local requests_made_max = 20000

local requests = {}  -- as their pieces
local made = {}
local needs_numbers = false
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
  -- Whole rounds of all requests, so that each keeps its share.
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

-- One line that a program can read.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    "\nsummary requests=%d microseconds=%d bytes=%d p50=%d p99=%d status=%d socket=%d\n",
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
