local function leap(y) return y % 4 == 0 and (y % 100 ~= 0 or y % 400 == 0) end
local short = {[4] = true, [6] = true, [9] = true, [11] = true}
local function days_in(y, m)
  if m == 2 then return leap(y) and 29 or 28 end
  return short[m] and 30 or 31
end
local function next_day(date)
  local y, m, d = date[1], date[2], date[3]
  d = d + 1
  if d > days_in(y, m) then d = 1; m = m + 1 end
  if m > 12 then m = 1; y = y + 1 end
  return {y, m, d}
end
local function number(y, m, d)
  local a = (14 - m) // 12
  local yy = y + 4800 - a
  local mm = m + 12 * a - 3
  return d + (153 * mm + 2) // 5 + 365 * yy + yy // 4 - yy // 100 + yy // 400 - 32045
end
function work()
  local names = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
  local date, counts, text = {1900, 1, 1}, {}, ""
  for i = 1, 60000 do
    local y, m, d = date[1], date[2], date[3]
    local day = names[number(y, m, d) % 7 + 1]
    if d == 13 then counts[day] = (counts[day] or 0) + 1 end
    text = string.format("%d-%02d-%02d", y, m, d)
    local parts = {}
    for p in text:gmatch("[^-]+") do parts[#parts + 1] = math.tointeger(tonumber(p)) end
    date = next_day(parts)
  end
  local out = {}
  for i, k in ipairs(names) do out[i] = k .. counts[k] end
  return text .. " " .. table.concat(out, " ")
end
