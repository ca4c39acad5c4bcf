function work()
  local best, at = 0, 0
  for start = 1, 59999 do
    local n, steps = start, 0
    while n ~= 1 do
      if n % 2 == 0 then n = n // 2 else n = 3 * n + 1 end
      steps = steps + 1
    end
    if steps > best then best = steps; at = start end
  end
  return at .. " " .. best
end
