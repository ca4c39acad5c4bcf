local sqrt = math.sqrt
local function body(x, y, z, vx, vy, vz, m) return {x = x, y = y, z = z, vx = vx, vy = vy, vz = vz, m = m} end
local function energy(bodies)
  local e = 0
  for i = 1, #bodies do
    local b = bodies[i]
    e = e + 0.5 * b.m * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
    for j = i + 1, #bodies do
      local c = bodies[j]
      local dx, dy, dz = b.x - c.x, b.y - c.y, b.z - c.z
      e = e - b.m * c.m / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return e
end
local function advance(bodies, dt)
  for i = 1, #bodies do
    local b = bodies[i]
    for j = i + 1, #bodies do
      local c = bodies[j]
      local dx, dy, dz = b.x - c.x, b.y - c.y, b.z - c.z
      local d = dx * dx + dy * dy + dz * dz
      local mag = dt / (d * sqrt(d))
      b.vx = b.vx - dx * c.m * mag; b.vy = b.vy - dy * c.m * mag; b.vz = b.vz - dz * c.m * mag
      c.vx = c.vx + dx * b.m * mag; c.vy = c.vy + dy * b.m * mag; c.vz = c.vz + dz * b.m * mag
    end
  end
  for _, b in ipairs(bodies) do
    b.x = b.x + dt * b.vx; b.y = b.y + dt * b.vy; b.z = b.z + dt * b.vz
  end
end
function work()
  local bodies = {
    body(0, 0, 0, 0, 0, 0, 39.47),
    body(4.84, -1.16, -0.10, 0.6, 2.8, -0.02, 0.037),
    body(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011),
    body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
    body(15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.002),
  }
  for i = 1, 20000 do advance(bodies, 0.01) end
  return string.format("%.6f", energy(bodies))
end
