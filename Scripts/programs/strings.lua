function work()
  local text = {}
  for i = 0, 199999 do text[#text + 1] = ("xyz"):sub(i % 3 + 1, i % 3 + 1) end
  text = table.concat(text)
  local turned = {}
  for c in text:gmatch(".") do if c ~= "y" then turned[#turned + 1] = c end end
  turned = table.concat(turned)
  local parts = {}
  for i = 0, 59999 do parts[i + 1] = tostring(i) .. ":" .. text:sub(i + 1, i + 4) end
  return #table.concat(parts, ",") + #turned + #text:gsub("xyz", "ab")
end
