/// Pairs of elements of operands that are stretched, or whose elements stand apart. Included by body.h, after layout.h.

/// Elements of an operand that are put side by side at a time.
enum { NEARED = 512 };

/// The same for rows of operands along which a step may be any; those of more than one are put side by side part by part.
static void combine_apart(int function, struct pair_rows p, float *to) {
  float a[NEARED], b[NEARED], mask[NEARED];
#define IS_APART(step) ((step) != 0 && (step) != 1)
  if (!IS_APART(p.step_a) && !IS_APART(p.step_b) && !IS_APART(p.step_mask)) return combine_rows(function, p, to);
  for (; p.rows > 0; p.rows--, p.a += p.row_a, p.b += p.row_b, p.mask += p.row_mask)
    for (long first = 0; first < p.n; first += NEARED) {
      long n = p.n - first < NEARED ? p.n - first : NEARED;
      struct pair_rows q = {.rows = 1, .n = n, .step_a = p.step_a != 0, .step_b = p.step_b != 0, .step_mask = p.step_mask != 0};
      q.a = p.a + first * p.step_a, q.b = p.b + first * p.step_b, q.mask = p.mask ? p.mask + first * p.step_mask : p.mask;
#define BRING_NEAR(x) \
  if (IS_APART(p.step_##x)) copy_row(n, q.x, p.step_##x, x, 1), q.x = x
      BRING_NEAR(a);
      BRING_NEAR(b);
      BRING_NEAR(mask);
#undef BRING_NEAR
#undef IS_APART
      combine_rows(function, q, to);
      to += n;
    }
}

static void combine(const struct pb_walk *walk, int function, long first, long count, const float *a, const float *b,
                    const float *mask, float *to) {
  long last = walk->axes - 1, inner = walk->sizes[last];
  long counter[PB_AXES], rest = first / inner, column = first % inner;
  for (long axis = last - 1; axis >= 0; axis--) {
    counter[axis] = rest % walk->sizes[axis];
    rest /= walk->sizes[axis];
    a += counter[axis] * walk->steps[0][axis];
    b += counter[axis] * walk->steps[1][axis];
    if (mask) mask += counter[axis] * walk->steps[2][axis];
  }
  struct pair_rows p = {.step_a = walk->steps[0][last], .step_b = walk->steps[1][last], .step_mask = mask ? walk->steps[2][last] : 0};
  if (last > 0) p.row_a = walk->steps[0][last - 1], p.row_b = walk->steps[1][last - 1], p.row_mask = mask ? walk->steps[2][last - 1] : 0;
  for (long place = first, end = first + count; place < end;) {
    // The rows of the next axis that are whole, or a part of one.
    long left = (end - place) / inner, rows = last > 0 ? walk->sizes[last - 1] - counter[last - 1] : 1;
    p.rows = column > 0 || left == 0 ? 1 : left < rows ? left : rows;
    p.n = inner - column < end - place ? inner - column : end - place;
    p.a = a + column * p.step_a, p.b = b + column * p.step_b, p.mask = mask ? mask + column * p.step_mask : mask;
    combine_apart(function, p, to + place);
    place += p.rows * p.n;
    column = 0;
    for (long axis = last - 1, more = p.rows; axis >= 0; axis--, more = 1) {
      counter[axis] += more;
      long whole = counter[axis] == walk->sizes[axis], back = whole ? walk->sizes[axis] - more : -more;
      a -= back * walk->steps[0][axis];
      b -= back * walk->steps[1][axis];
      if (mask) mask -= back * walk->steps[2][axis];
      if (!whole) break;
      counter[axis] = 0;
    }
  }
}
