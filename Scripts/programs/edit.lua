local function distance(a, b)
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local last = row[0]
    row[0] = i
    for j = 1, #b do
      local above = row[j]
      local cost = a:sub(i, i) == b:sub(j, j) and 0 or 1
      row[j] = math.min(above + 1, row[j - 1] + 1, last + cost)
      last = above
    end
  end
  return row[#b]
end
function work() return distance(("the quick brown fox "):rep(30), ("a lazy dog jumps over "):rep(28)) end
