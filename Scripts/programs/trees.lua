local function tree(depth)
  if depth == 0 then return {nil, nil} end
  return {tree(depth - 1), tree(depth - 1)}
end
local function check(node)
  if node[1] == nil then return 1 end
  return 1 + check(node[1]) + check(node[2])
end
function work()
  local total = 0
  for i = 1, 24 do total = total + check(tree(12)) end
  return total
end
