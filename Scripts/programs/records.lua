function work()
  local rows = {}
  for i = 0, 59999 do rows[i + 1] = {name = "n" .. i * 7919 % 60000, age = i % 90, score = i * 31 % 1000} end
  local old, total, oldest = {}, 0, 0
  for _, r in ipairs(rows) do if r.age >= 40 then old[#old + 1] = r end end
  table.sort(old, function(a, b) return a.name < b.name end)
  for _, r in ipairs(old) do total = total + r.score end
  for _, r in ipairs(rows) do oldest = math.max(oldest, r.age) end
  return table.concat({old[1].name, old[101].name, total, oldest}, " ")
end
