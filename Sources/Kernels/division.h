/// Divisions rounded down and what they leave. Included by elementwise.h.

/// x less the whole number of y in it, with the sign of x (C's fmod): exact where that number is below 2^22, as a fused product and sum
/// rounds nothing then; else element by element.
static __attribute__((noinline)) vector fraction_of(vector x, vector divisor) {
  integers none = divisor == splat(0);
  vector y = choose(none, splat(1), divisor), quotient = __builtin_elementwise_trunc(x / y);
  integers usual =
      (magnitude(quotient) < splat(4194304)) & (magnitude(y) >= splat(1e-30f)) & (magnitude(y) < splat(INFINITY));
  vector rest;
  if (all_lanes(usual)) {
    rest = __builtin_elementwise_fma(-quotient, y, x);
    // A quotient that was rounded up to a whole number is one too large.
    vector back = choose((rest < splat(0)) == (y < splat(0)), -y, y);
    rest = choose((rest != splat(0)) & ((rest < splat(0)) != (x < splat(0))), rest + back, rest);
    rest = choose(rest == splat(0), (vector)((integers)x & (int)0x80000000), rest);
    return choose(none, splat(NAN), rest);
  }
  for (int k = 0; k < LANES; k++) rest[k] = fmodf(x[k], divisor[k]);
  return rest;
}

/// Where the remainder of a division rounded down has the other sign.
INLINE integers is_below(vector rest, vector y) { return (rest != splat(0)) & ((rest < splat(0)) != (y < splat(0))); }

INLINE vector remainder_of(vector x, vector y) {
  vector rest = fraction_of(x, y);
  return choose(is_below(rest, y), rest + y, rest);
}

/// The quotient rounded down, from the remainder; x / y where y is 0.
INLINE vector floor_quotient(vector x, vector y) {
  vector rest = fraction_of(x, y), quotient = (x - rest) / y;
  quotient = choose(is_below(rest, y), quotient - 1.0f, quotient);
  vector down = __builtin_elementwise_floor(quotient);
  down = choose(quotient - down > splat(0.5f), down + 1.0f, down);
  down = choose(quotient == splat(0), (vector)((integers)(x / y) & (int)0x80000000), down);
  return choose(y == splat(0), x / y, down);
}
