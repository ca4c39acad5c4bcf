/// Products of many elements, and sums of a few products. Included by body.h, after reduce.h.

typedef int64_t longs __attribute__((vector_size(LANES * 8)));

/// products[r] = the product of row r, its exponents counted apart, so that it is too large or too small only if all of it is.
static void row_products(long rows, long n, const float *x, double *products) {
  for (long r = 0; r < rows; r++, x += n) {
    doubles product = 1 - (doubles){};
    longs exponents = {};
    for (long k = 0; k < n;) {
      // So many floats make no product that a double does not hold.
      for (int j = 0; j < 6 && k < n; j++, k += LANES) {
        if (n - k >= LANES)
          product *= widened(load(x + k));
        else
          product *= widened(choose(first_lanes(n - k), load_first(x + k, n - k), splat(1)));
      }
      longs bits = (longs)product, exponent = (bits >> 52) & 0x7ff;
      longs usual = (exponent != 0) & (exponent != 0x7ff);
      exponents += usual & (exponent - 1023);
      product = (doubles)((~usual & bits) | (usual & ((bits & ~(0x7ffL << 52)) | (1023L << 52))));
    }
    double whole = 1;
    long exponent = 0;
    for (int j = 0; j < LANES; j++) {
      whole *= product[j];
      exponent += exponents[j];
    }
    products[r] = ldexp(whole, exponent > 4000 ? 4000 : exponent < -4000 ? -4000 : (int)exponent);
  }
}

static void column_products(long rows, long columns, long stride, const float *x, float *y, double *products) {
  for (long r = 0; r < rows; r++, x += stride) {
    for (long c = 0; c < columns; c++) products[c] *= x[c];
    if (y == NULL) continue;
    for (long c = 0; c < columns; c++) y[c] = (float)products[c];
    y += stride;
  }
}

/// Four rows at a time, as each product waits for the last.
static void running_products(long rows, long n, const float *x, float *y) {
  long r = 0;
  for (; r + 4 <= rows; r += 4, x += 4 * n, y += 4 * n) {
    double a = 1, b = 1, c = 1, d = 1;
    for (long k = 0; k < n; k++) {
      y[k] = (float)(a *= x[k]);
      y[n + k] = (float)(b *= x[n + k]);
      y[2 * n + k] = (float)(c *= x[2 * n + k]);
      y[3 * n + k] = (float)(d *= x[3 * n + k]);
    }
  }
  for (; r < rows; r++, x += n, y += n) {
    double product = 1;
    for (long k = 0; k < n; k++) y[k] = (float)(product *= x[k]);
  }
}

static void row_dots(long rows, long n, const float *a, const float *b, double *totals) {
  for (long r = 0; r < rows; r++, a += n, b += n) {
    doubles s = {}, t = {};
    long k = 0;
    // A product of two floats is exact in double precision.
    for (; k + 2 * LANES <= n; k += 2 * LANES) {
      s += widened(load(a + k)) * widened(load(b + k));
      t += widened(load(a + k + LANES)) * widened(load(b + k + LANES));
    }
    for (; k < n; k += LANES) s += widened(load_rest(a + k, n - k)) * widened(load_rest(b + k, n - k));
    s += t;
    totals[r] = total_of(&s);
  }
}

static void log_sum_exp(long rows, long n, const float *x, float *y) {
  for (long r = 0; r < rows; r++, x += n) {
    float largest = largest_of(n, x);
    if (!(magnitude(splat(largest))[0] < INFINITY)) {
      y[r] = largest;
      for (long k = 0; k < n; k++) y[r] = x[k] != x[k] ? x[k] : y[r];
      continue;
    }
    doubles sums = {};
    long k = 0;
    for (; k + LANES <= n; k += LANES) sums += widened(full_exponential(load(x + k) - largest));
    double total = total_of(&sums);
    if (k < n) {
      vector e = full_exponential(load_first(x + k, n - k) - largest);
      for (long j = 0; j < n - k; j++) total += e[j];
    }
    y[r] = (float)(largest + log(total));
  }
}

/// dx = dy e^(x - y); 0 where all elements are -infinity.
static void log_sum_exp_backward(long rows, long n, const float *x, const float *y, const float *dy, float *dx) {
  for (long r = 0; r < rows; r++, x += n, dx += n) {
    if (y[r] == -INFINITY) {
      memset(dx, 0, (unsigned long)n * sizeof(float));
      continue;
    }
    for (long k = 0; k < n; k += LANES)
      store_rest(dx + k, full_exponential(load_rest(x + k, n - k) - y[r]) * dy[r], n - k);
  }
}

static void weighted_rows(long rows, long columns, long stride, const float *x, const float *weights, long step,
                          float *y) {
  long c = 0;
  for (; c + 4 * LANES <= columns; c += 4 * LANES) {
    vector sums[4] = {};
    for (long r = 0; r < rows; r++) {
      vector weight = splat(weights[r * step]);
      for (int k = 0; k < 4; k++) sums[k] += weight * load(x + r * stride + c + k * LANES);
    }
    for (int k = 0; k < 4; k++) store(y + c + k * LANES, sums[k]);
  }
  for (; c < columns; c += LANES) {
    vector sums = {};
    for (long r = 0; r < rows; r++) sums += splat(weights[r * step]) * load_rest(x + r * stride + c, columns - c);
    store_rest(y + c, sums, columns - c);
  }
}

static void small_product(const struct pb_small_product *sizes, const float *a, const float *b, float *y) {
  for (long i = 0; i < sizes->rows; i++)
    for (long j = 0; j < sizes->columns; j += LANES) {
      long n = sizes->columns - j;
      vector sums = {};
      for (long k = 0; k < sizes->depth; k++)
        sums += splat(a[i * sizes->a_row + k * sizes->a_step]) * load_rest(b + k * sizes->b_step + j, n);
      float *to = y + i * sizes->y_row + j;
      store_rest(to, sizes->accumulate ? sums + load_rest(to, n) : sums, n);
    }
}
