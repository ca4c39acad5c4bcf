local function a(i, j) return 1 / ((i + j) * (i + j + 1) / 2 + i + 1) end
local function times(v, swap)
  local n, r = #v, {}
  for i = 0, n - 1 do
    local s = 0
    for j = 0, n - 1 do
      if swap then s = s + a(j, i) * v[j + 1] else s = s + a(i, j) * v[j + 1] end
    end
    r[i + 1] = s
  end
  return r
end
function work()
  local u = {}
  for i = 1, 100 do u[i] = 1 end
  local v = u
  for i = 1, 10 do
    v = times(times(u, false), true)
    u = times(times(v, false), true)
  end
  local x, y = 0, 0
  for i = 1, #u do x = x + u[i] * v[i]; y = y + v[i] * v[i] end
  return string.format("%.9f", math.sqrt(x / y))
end
