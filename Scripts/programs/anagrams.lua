function work()
  local words, x = {}, 7
  for i = 1, 30000 do
    local w = ""
    for k = 1, 5 do
      x = x * 16807 % 2147483647
      w = w .. ("abcdefgh"):sub(x % 8 + 1, x % 8 + 1)
    end
    words[i] = w
  end
  local groups, list = {}, {}
  for _, w in ipairs(words) do
    local letters = {w:byte(1, -1)}
    table.sort(letters)
    local key = string.char(table.unpack(letters))
    if groups[key] then
      table.insert(groups[key], w)
    else
      groups[key] = {w}
      list[#list + 1] = groups[key]
    end
  end
  table.sort(list, function(a, b)
    if #a ~= #b then return #a > #b end
    return a[1] < b[1]
  end)
  return table.concat({#list, #list[1], list[1][1], list[6][1]}, " ")
end
