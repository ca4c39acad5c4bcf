function work()
  local accounts, names = {}, {}
  for i = 0, 499 do
    names[i + 1] = "acc" .. i
    accounts["acc" .. i] = {balance = 1000, history = {}, owner = "user" .. i % 50}
  end
  local x, failed = 3, 0
  for i = 0, 149999 do
    x = x * 16807 % 2147483647
    local from = "acc" .. x % 500
    x = x * 16807 % 2147483647
    local to = "acc" .. x % 500
    local amount = x % 97
    local a = accounts[from]
    if a.balance < amount then
      failed = failed + 1
    else
      a.balance = a.balance - amount
      accounts[to].balance = accounts[to].balance + amount
      a.history[#a.history + 1] = {kind = "out", amount = amount, to = to}
    end
  end
  local totals, owners, all, longest = {}, {}, 0, 0
  for _, name in ipairs(names) do
    local account = accounts[name]
    if not totals[account.owner] then owners[#owners + 1] = account.owner end
    totals[account.owner] = (totals[account.owner] or 0) + account.balance
    all = all + account.balance
    longest = math.max(longest, #account.history)
  end
  table.sort(owners, function(a, b) return totals[a] > totals[b] end)
  return table.concat({failed, all, owners[1], longest}, " ")
end
