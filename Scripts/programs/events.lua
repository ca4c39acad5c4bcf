function work()
  local actors = {}
  for i = 0, 49 do actors[i + 1] = {id = i, at = i % 7, energy = 100, seen = 0} end
  local events = {}
  for time = 0, 3999 do
    for _, actor in ipairs(actors) do
      if actor.at == time % 7 then
        actor.energy = actor.energy - 1
        actor.seen = actor.seen + 1
        events[#events + 1] = {kind = "tick", id = actor.id, time = time}
      elseif actor.energy < 0 then
        actor.energy = 100
      end
    end
    if #events > 1000 then
      local kept = {}
      for _, event in ipairs(events) do if event.time > time - 50 then kept[#kept + 1] = event end end
      events = kept
    end
  end
  local total = 0
  for _, actor in ipairs(actors) do total = total + actor.seen + actor.energy end
  return total .. " " .. #events
end
