function work()
  local n, inside = 160, 0
  for row = 0, n - 1 do
    for column = 0, n - 1 do
      local cr, ci = 3 * column / n - 2, 2 * row / n - 1
      local zr, zi, k = 0, 0, 0
      while k < 50 and zr * zr + zi * zi < 4 do
        local t = zr * zr - zi * zi + cr
        zi = 2 * zr * zi + ci
        zr = t
        k = k + 1
      end
      if k == 50 then inside = inside + 1 end
    end
  end
  return inside
end
