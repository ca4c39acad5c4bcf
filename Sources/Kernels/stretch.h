/// Pairs of elements of operands that are stretched, or whose elements stand apart. Included by body.h, after layout.h.

/// Elements of an operand that are put side by side at a time.
enum { NEARED = 512 };

/// `count` elements on from one of floats, or of bytes.
INLINE const float *moved(const void *p, int is_byte, long count) {
  return (const void *)((const uint8_t *)p + (is_byte ? count : count * (long)sizeof(float)));
}

/// The same for rows of few elements, with floats alone: many of them are put side by side, and then are one.
static void combine_short(int function, struct pair_rows p, float *to) {
  float a[NEARED + LANES], b[NEARED + LANES], mask[NEARED + LANES];
  const long most = NEARED / p.n;
  for (long first = 0; first < p.rows; first += most) {
    const long rows = p.rows - first < most ? p.rows - first : most;
    struct pair_rows q = {.rows = 1, .n = rows * p.n};
#define BRING_NEAR(x)                                                                                      \
  if (p.x && p.step_##x == 1 && p.row_##x == p.n) {                                                        \
    q.x = p.x + first * p.n, q.step_##x = 1;                                                               \
  } else if (p.x) {                                                                                        \
    for (long r = 0; r < rows; r++) {                                                                      \
      const float *from = p.x + (first + r) * p.row_##x;                                                   \
      if (p.n > LANES)                                                                                     \
        copy_row(p.n, from, p.step_##x, x + r * p.n, 1);                                                   \
      else                                                                                                 \
        store(x + r * p.n, p.step_##x ? load_apart(from, p.step_##x, p.n) : splat(*from));                 \
    }                                                                                                      \
    q.x = x, q.step_##x = 1;                                                                               \
  }
    BRING_NEAR(a)
    BRING_NEAR(b)
    BRING_NEAR(mask)
#undef BRING_NEAR
    combine_rows(function, q, to + first * p.n);
  }
}

/// The same for rows of operands along which a step may be any; those of more than one, and bytes, are put side by side part by part.
static void combine_apart(int function, struct pair_rows p, float *to) {
  float a[NEARED], b[NEARED], mask[NEARED];
  enum { SHORT = 128 };
  const int bytes_a = p.bytes & 1, bytes_b = p.bytes >> 1 & 1, bytes_mask = p.bytes >> 2 & 1;
#define IS_APART(step) ((step) != 0 && (step) != 1)
  const int is_apart = IS_APART(p.step_a) || IS_APART(p.step_b) || IS_APART(p.step_mask);
  if (!p.bytes && p.rows > 1 && p.n <= (is_apart ? SHORT : LANES - 1)) return combine_short(function, p, to);
  if (!p.bytes && !is_apart) return combine_rows(function, p, to);
  for (; p.rows > 0; p.rows--) {
    for (long first = 0; first < p.n; first += NEARED) {
      long n = p.n - first < NEARED ? p.n - first : NEARED;
      struct pair_rows q = {.rows = 1, .n = n};
#define BRING_NEAR(x)                                                                        \
  q.step_##x = p.step_##x != 0;                                                              \
  if (p.x) q.x = moved(p.x, bytes_##x, first * p.step_##x);                                  \
  if (bytes_##x)                                                                             \
    widen_bytes(p.step_##x ? n : 1, (const void *)q.x, p.step_##x, x), q.x = x;              \
  else if (IS_APART(p.step_##x))                                                             \
    copy_row(n, q.x, p.step_##x, x, 1), q.x = x;
      BRING_NEAR(a)
      BRING_NEAR(b)
      BRING_NEAR(mask)
#undef BRING_NEAR
#undef IS_APART
      combine_rows(function, q, to);
      to += n;
    }
    p.a = moved(p.a, bytes_a, p.row_a);
    p.b = moved(p.b, bytes_b, p.row_b);
    if (p.mask) p.mask = moved(p.mask, bytes_mask, p.row_mask);
  }
}

static void combine(const struct pb_walk *walk, int function, int bytes, long first, long count, const void *a, const void *b,
                    const void *mask, float *to) {
  long last = walk->axes - 1, inner = walk->sizes[last];
  long counter[PB_AXES], rest = first / inner, column = first % inner;
  // How far from the first element of each operand one is.
  long at[3] = {};
  for (long axis = last - 1; axis >= 0; axis--) {
    counter[axis] = rest % walk->sizes[axis];
    rest /= walk->sizes[axis];
    for (int o = 0; o < 3; o++) at[o] += counter[axis] * walk->steps[o][axis];
  }
  struct pair_rows p = {.bytes = bytes, .step_a = walk->steps[0][last], .step_b = walk->steps[1][last], .step_mask = mask ? walk->steps[2][last] : 0};
  if (last > 0) p.row_a = walk->steps[0][last - 1], p.row_b = walk->steps[1][last - 1], p.row_mask = mask ? walk->steps[2][last - 1] : 0;
  for (long place = first, end = first + count; place < end;) {
    // The rows of the next axis that are whole, or a part of one.
    long left = (end - place) / inner, rows = last > 0 ? walk->sizes[last - 1] - counter[last - 1] : 1;
    p.rows = column > 0 || left == 0 ? 1 : left < rows ? left : rows;
    p.n = inner - column < end - place ? inner - column : end - place;
    p.a = moved(a, bytes & 1, at[0] + column * p.step_a);
    p.b = moved(b, bytes & 2, at[1] + column * p.step_b);
    if (mask) p.mask = moved(mask, bytes & 4, at[2] + column * p.step_mask);
    combine_apart(function, p, to + place);
    place += p.rows * p.n;
    column = 0;
    for (long axis = last - 1, more = p.rows; axis >= 0; axis--, more = 1) {
      counter[axis] += more;
      long whole = counter[axis] == walk->sizes[axis], back = whole ? walk->sizes[axis] - more : -more;
      for (int o = 0; o < 3; o++) at[o] -= back * walk->steps[o][axis];
      if (!whole) break;
      counter[axis] = 0;
    }
  }
}
