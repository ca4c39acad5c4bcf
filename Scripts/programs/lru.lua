-- A list of the keys in order of use, as tables have none.
local function unlink(c, e)
  if e.before then e.before.after = e.after else c.first = e.after end
  if e.after then e.after.before = e.before else c.last = e.before end
end
local function append(c, e)
  e.before, e.after = c.last, nil
  if c.last then c.last.after = e else c.first = e end
  c.last = e
end
local function look(c, key)
  local e = c.entries[key]
  if e then
    c.hits = c.hits + 1
    unlink(c, e)
    append(c, e)
    return e.value
  end
  c.misses = c.misses + 1
  e = {key = key, value = key * 2}
  c.entries[key] = e
  append(c, e)
  c.count = c.count + 1
  if c.count > c.size then
    local old = c.first
    unlink(c, old)
    c.entries[old.key] = nil
    c.count = c.count - 1
  end
  return e.value
end
function work()
  local c = {size = 300, entries = {}, hits = 0, misses = 0, count = 0}
  local x, total = 13, 0
  for i = 1, 120000 do
    x = x * 16807 % 2147483647
    total = total + look(c, x % 900 * (x % 3) // 2)
  end
  return table.concat({c.hits, c.misses, total}, " ")
end
