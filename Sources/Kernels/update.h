/// Parts of an array changed where they are. Included by body.h, after layout.h.

/// x = f(x, b) for a row whose elements are `step` apart in x and `step_b` in b.
static void update_row(int function, long n, float *x, long step, const float *b, long step_b) {
  enum { PIECE = 256 };
  float own[PIECE], others[PIECE];
  long piece = step == 1 && (step_b == 0 || step_b == 1) ? n : PIECE;
  for (long k = 0; k < n; k += piece) {
    long count = n - k < piece ? n - k : piece;
    const float *other = b + k * step_b;
    float *place = x + k * step;
    if (step_b != 0 && step_b != 1) copy_row(count, other, step_b, others, 1), other = others;
    if (step != 1) copy_row(count, place, step, own, 1), place = own;
    combine_row(function, count, place, 1, other, step_b != 0, NULL, 0, place);
    if (step != 1) copy_row(count, own, 1, x + k * step, step);
  }
}

static void update(const struct pb_walk *walk, int function, long first, long count, const float *b, float *x) {
  long last = walk->axes - 1, inner = walk->sizes[last], step = walk->steps[0][last], step_b = walk->steps[1][last];
  long counter[PB_AXES], rest = first / inner, column = first % inner;
  for (long axis = last - 1; axis >= 0; axis--) {
    counter[axis] = rest % walk->sizes[axis];
    rest /= walk->sizes[axis];
    x += counter[axis] * walk->steps[0][axis];
    b += counter[axis] * walk->steps[1][axis];
  }
  for (long place = first, end = first + count; place < end; column = 0) {
    long n = inner - column < end - place ? inner - column : end - place;
    update_row(function, n, x + column * step, step, b + column * step_b, step_b);
    place += n;
    for (long axis = last - 1; axis >= 0; axis--) {
      x += walk->steps[0][axis];
      b += walk->steps[1][axis];
      if (++counter[axis] < walk->sizes[axis]) break;
      x -= walk->sizes[axis] * walk->steps[0][axis];
      b -= walk->sizes[axis] * walk->steps[1][axis];
      counter[axis] = 0;
    }
  }
}
