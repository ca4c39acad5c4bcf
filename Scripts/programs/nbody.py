from math import sqrt
class Body:
    def __init__(self, x, y, z, vx, vy, vz, m):
        self.x, self.y, self.z, self.vx, self.vy, self.vz, self.m = x, y, z, vx, vy, vz, m
def energy(bodies):
    e = 0
    for i in range(len(bodies)):
        b = bodies[i]
        e += 0.5 * b.m * (b.vx * b.vx + b.vy * b.vy + b.vz * b.vz)
        for j in range(i + 1, len(bodies)):
            c = bodies[j]
            dx = b.x - c.x; dy = b.y - c.y; dz = b.z - c.z
            e -= b.m * c.m / sqrt(dx * dx + dy * dy + dz * dz)
    return e
def advance(bodies, dt):
    for i in range(len(bodies)):
        b = bodies[i]
        for j in range(i + 1, len(bodies)):
            c = bodies[j]
            dx = b.x - c.x; dy = b.y - c.y; dz = b.z - c.z
            d = dx * dx + dy * dy + dz * dz
            mag = dt / (d * sqrt(d))
            b.vx -= dx * c.m * mag; b.vy -= dy * c.m * mag; b.vz -= dz * c.m * mag
            c.vx += dx * b.m * mag; c.vy += dy * b.m * mag; c.vz += dz * b.m * mag
    for b in bodies:
        b.x += dt * b.vx; b.y += dt * b.vy; b.z += dt * b.vz
def work():
    bodies = [
        Body(0, 0, 0, 0, 0, 0, 39.47),
        Body(4.84, -1.16, -0.10, 0.6, 2.8, -0.02, 0.037),
        Body(8.34, 4.12, -0.4, -1.01, 1.82, 0.008, 0.011),
        Body(12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017),
        Body(15.37, -25.9, 0.17, 0.97, 0.59, -0.03, 0.002),
    ]
    for i in range(20000): advance(bodies, 0.01)
    return round(energy(bodies), 6)
