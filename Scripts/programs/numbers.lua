local function map(xs, f)
  local ys = {}
  for i = 1, #xs do ys[i] = f(xs[i]) end
  return ys
end
local function filter(xs, f)
  local ys = {}
  for i = 1, #xs do if f(xs[i]) then ys[#ys + 1] = xs[i] end end
  return ys
end
function work()
  local xs = {}
  for i = 0, 299999 do xs[i + 1] = i end
  local squares = map(xs, function(x) return x * x % 1009 end)
  local even = filter(squares, function(x) return x % 2 == 0 end)
  local total, least, most = 0, even[1], even[1]
  local add = function(a, b) return a + b end
  for _, x in ipairs(even) do
    total = add(total, x)
    least = math.min(least, x); most = math.max(most, x)
  end
  local pairs_ = {}
  for i = 1, #xs do pairs_[i] = {xs[i], squares[i]} end
  local best, sum = 0, 0
  for _, pair in ipairs(pairs_) do if pair[2] > best then best = pair[2] end end
  for _, x in ipairs(squares) do sum = sum + x end
  local ordered = table.move(squares, 1, #squares, 1, {})
  table.sort(ordered)
  return table.concat({total, best, ordered[1001], sum, least, most}, " ")
end
