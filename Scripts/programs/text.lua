function work()
  local text = ("the cat sat on the mat and the dog ate the cat food while "):rep(4000)
  local counts, words = {}, {}
  for word in text:gmatch("%S+") do
    if counts[word] then
      counts[word] = counts[word] + 1
    else
      counts[word] = 1
      words[#words + 1] = word
    end
  end
  table.sort(words, function(a, b) return counts[a] > counts[b] end)
  local upper = {}
  for word in text:gmatch("([^ ]*) ") do upper[#upper + 1] = word:upper() end
  upper[#upper + 1] = ""
  local joined = table.concat(upper, "-")
  return table.concat({words[1], counts[words[1]], #joined, joined:find("FOOD", 1, true) - 1}, " ")
end
