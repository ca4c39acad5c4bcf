local function ways(i, left, memo)
  if left == 0 then return 1 end
  if i < 0 or left < 0 then return 0 end
  local key = i .. "," .. left
  if memo[key] then return memo[key] end
  local coins = {1, 2, 5, 10, 20, 50, 100, 200}
  local result = ways(i - 1, left, memo) + ways(i, left - coins[i + 1], memo)
  memo[key] = result
  return result
end
function work()
  local total = 0
  for amount = 100, 1050, 50 do total = total + ways(7, amount, {}) end
  return total
end
