local function place(row, n, columns, up, down)
  if row == n then return 1 end
  local count = 0
  for c = 0, n - 1 do
    if not columns[c] and not up[row + c] and not down[row - c + n] then
      columns[c] = true; up[row + c] = true; down[row - c + n] = true
      count = count + place(row + 1, n, columns, up, down)
      columns[c] = false; up[row + c] = false; down[row - c + n] = false
    end
  end
  return count
end
function work() return place(0, 8, {}, {}, {}) + place(0, 9, {}, {}, {}) end
