local function multiply(a, b)
  local n, c = #a, {}
  for i = 1, n do
    local row, ai = {}, a[i]
    for j = 1, n do
      local s = 0
      for k = 1, n do s = s + ai[k] * b[k][j] end
      row[#row + 1] = s
    end
    c[#c + 1] = row
  end
  return c
end
function work()
  local n, a = 90, {}
  for i = 0, n - 1 do
    local row = {}
    for j = 0, n - 1 do row[j + 1] = i - j end
    a[i + 1] = row
  end
  return multiply(a, multiply(a, a))[4][6]
end
