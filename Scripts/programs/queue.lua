local function put(heap, entry)
  heap[#heap + 1] = entry
  local i = #heap
  while i > 1 do
    local up = i // 2
    if heap[up][1] <= heap[i][1] then break end
    heap[up], heap[i] = heap[i], heap[up]
    i = up
  end
end
local function least(heap)
  local first, last = heap[1], table.remove(heap)
  local n = #heap
  if n == 0 then return first end
  heap[1] = last
  local i = 1
  while 2 * i <= n do
    local c = 2 * i
    if c < n and heap[c + 1][1] < heap[c][1] then c = c + 1 end
    if heap[i][1] <= heap[c][1] then break end
    heap[i], heap[c] = heap[c], heap[i]
    i = c
  end
  return first
end
function work()
  local heap, x, total = {}, 1, 0
  for i = 0, 39999 do
    x = x * 16807 % 2147483647
    put(heap, {x, i})
    if i % 3 == 2 then total = total + least(heap)[2] end
  end
  while #heap > 0 do total = total + least(heap)[1] % 7 end
  return total
end
