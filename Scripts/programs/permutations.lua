local function permute(xs, k, seen)
  if k > #xs then
    if xs[1] < xs[#xs] then seen.count = seen.count + 1 end
    return
  end
  for i = k, #xs do
    xs[k], xs[i] = xs[i], xs[k]
    permute(xs, k + 1, seen)
    xs[k], xs[i] = xs[i], xs[k]
  end
end
function work()
  local seen = {count = 0}
  permute({0, 1, 2, 3, 4, 5, 6, 7, 8}, 1, seen)
  return seen.count
end
