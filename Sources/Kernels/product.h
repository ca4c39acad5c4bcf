/// Products of many elements, and sums of a few products. Included by body.h, after reduce.h.


/// Moves the exponents of products into `exponents`, unless they are 0 or no finite number.
INLINE void settle_exponents(doubles *product, longs *exponents) {
  longs bits = (longs)*product, exponent = (bits >> 52) & 0x7ff;
  longs usual = (exponent != 0) & (exponent != 0x7ff);
  *exponents += usual & (exponent - 1023);
  *product = (doubles)((~usual & bits) | (usual & ((bits & ~(0x7ffL << 52)) | (1023L << 52))));
}

/// The product of a row whose exponents are counted apart after every `some` elements of a lane, so many that a double holds their
/// product; *strange gets bits from 2^28 on where an element but 0 is outside 2^-16 ... 2^16. What is returned is to be multiplied by 2 to *power.
INLINE double row_product(long n, const float *x, long some, uint32_t *strange, long *power) {
  doubles product[4];
  longs exponents = {};
  integers seen = {};
  for (int j = 0; j < 4; j++) product[j] = 1 - (doubles){};
  long k = 0;
  // So few that the product of all of a lane is a double too.
  const int is_short = n <= some * LANES;
  while (n - k >= 4 * LANES) {
    for (long left = some; left > 0 && n - k >= 4 * LANES; left--, k += 4 * LANES)
      for (int j = 0; j < 4; j++) {
        vector v = load(x + k + j * LANES);
        seen |= (integers)choose(v == splat(0), splat(1), magnitude(v)) - (111 << 23);
        product[j] *= widened(v);
      }
    if (is_short) continue;
    for (int j = 0; j < 4; j++) settle_exponents(product + j, &exponents);
  }
  for (; n - k >= LANES; k += LANES) product[0] *= widened(load(x + k));
  if (k < n) product[0] *= widened(choose(first_lanes(n - k), load_first(x + k, n - k), splat(1)));
  if (!is_short) settle_exponents(product, &exponents);
  product[0] = (product[0] * product[1]) * (product[2] * product[3]);
  if (is_short) settle_exponents(product, &exponents);
  double whole[LANES];
  memcpy(whole, product, sizeof whole);
  for (int half = LANES / 2; half > 0; half /= 2)
    for (int j = 0; j < half; j++) whole[j] *= whole[j + half];
  const long exponent = __builtin_reduce_add(exponents);
  *strange = (uint32_t)__builtin_reduce_or(seen);
  *power = exponent;
  return whole[0];
}

/// Products of so few floats that no part of one is too large or too small for double precision.
INLINE void short_row_products(long rows, const long n, const float *x, double *products) {
  for (long r = 0; r < rows; r++, x += n) {
    double product = x[0];
    for (long k = 1; k < n; k++) product *= x[k];
    products[r] = product;
  }
}

/// products[r] = the product of row r, too large or too small only if all of it is; with `powers`, to be multiplied by 2 to the power of its own.
static void row_products(long rows, long n, const float *x, double *products, long *powers) {
  if (powers) memset(powers, 0, (unsigned long)rows * sizeof(long));
  switch (n) {
#define SHORT(n) \
  case n: return short_row_products(rows, n, x, products);
    SHORT(1) SHORT(2) SHORT(3) SHORT(4) SHORT(5) SHORT(6) SHORT(7)
#undef SHORT
  }
  for (long r = 0; r < rows; r++, x += n) {
    uint32_t strange;
    long power;
    products[r] = row_product(n, x, 56, &strange, &power);
    if (strange >> 28) products[r] = row_product(n, x, 6, &strange, &power);
    if (powers)
      powers[r] = power;
    else if (power != 0)
      products[r] = ldexp(products[r], power > 4000 ? 4000 : power < -4000 ? -4000 : (int)power);
  }
}

static void column_products(long rows, long columns, long stride, const float *x, float *y, double *products) {
  long r = 0;
  if (y == NULL)
    // Four rows at a time, so that the products are brought and put back once for them.
    for (; r + 4 <= rows; r += 4, x += 4 * stride)
      for (long c = 0; c < columns; c++)
        products[c] = products[c] * x[c] * x[stride + c] * x[2 * stride + c] * x[3 * stride + c];
  for (; r < rows; r++, x += stride) {
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
  if (n > 0 && n < LANES) {
    // As many short rows at once as a vector has lanes.
    for (long r = 0; r < rows; r += LANES, x += LANES * n) {
      long count = at_most_lanes(rows - r);
      vector largest = load_column(count, n, x);
      for (long k = 1; k < n; k++) {
        vector v = load_column(count, n, x + k);
        largest = choose(is_better(v, largest), v, largest);
      }
      doubles sums = {};
      for (long k = 0; k < n; k++) sums += widened(full_exponential(load_column(count, n, x + k) - largest));
      for (long j = 0; j < count; j++) {
        int is_finite = __builtin_fabsf(largest[j]) < INFINITY;
        y[r + j] = is_finite ? (float)(largest[j] + log(sums[j])) : largest[j];
      }
    }
    return;
  }
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
  // Several rows at a time, each read as it stands, over sums that stay near.
  enum { ROWS = 8, NEAR = 1 << 11 };
  if (rows == 0) memset(y, 0, (unsigned long)columns * sizeof(float));
  for (long first = 0; first < columns; first += NEAR) {
    long end = columns - first < NEAR ? columns : first + NEAR;
    for (long r = 0; r < rows; r += ROWS) {
      const float *row = x + r * stride;
      const int count = rows - r < ROWS ? (int)(rows - r) : ROWS;
      vector weight[ROWS];
      for (int k = 0; k < count; k++) weight[k] = splat(weights[(r + k) * step]);
      long c = first;
      if (count == ROWS)
        for (; c + LANES <= end; c += LANES) {
          vector sums = r == 0 ? splat(0) : load(y + c);
          for (int k = 0; k < ROWS; k++) sums += weight[k] * load(row + k * stride + c);
          store(y + c, sums);
        }
      for (; c < end; c += LANES) {
        vector sums = r == 0 ? splat(0) : load_rest(y + c, end - c);
        for (int k = 0; k < count; k++) sums += weight[k] * load_rest(row + k * stride + c, end - c);
        store_rest(y + c, sums, end - c);
      }
    }
  }
}

/// y[c] = the sum of x[r, c] * v[r] over the rows, whose terms are added up as matrix_vector adds up those of a row: by the lane that they
/// would be in, and then the lanes.
static void column_vector(long rows, long columns, long stride, const float *x, const float *v, float *y) {
  enum { WIDE = 32, DEEP = 4 };
  for (long first = 0; first < columns; first += WIDE * LANES) {
    const long n = columns - first, width = n < WIDE * LANES ? (n + LANES - 1) / LANES : WIDE;
    vector sums[LANES][WIDE] = {};
    for (long r = 0; r < rows; r += DEEP * LANES)
      for (int lane = 0; lane < LANES && r + lane < rows; lane++) {
        const float *row = x + (r + lane) * stride + first, *weight = v + r + lane;
        const long left = (rows - r - lane + LANES - 1) / LANES, apart = LANES * stride;
        for (long c = 0; c < width; c++, row += LANES) {
          vector sum = sums[lane][c];
          if (left >= DEEP && n - c * LANES >= LANES)
            for (int k = 0; k < DEEP; k++) sum += splat(weight[k * LANES]) * load(row + k * apart);
          else
            for (long k = 0; k < left && k < DEEP; k++) sum += splat(weight[k * LANES]) * load_rest(row + k * apart, n - c * LANES);
          sums[lane][c] = sum;
        }
      }
    for (long c = 0; c < width; c++) {
      for (int left = LANES; left > 1; left /= 2)
        for (int k = 0; k < left / 2; k++) sums[k][c] = sums[2 * k][c] + sums[2 * k + 1][c];
      store_rest(y + first + c * LANES, sums[0][c], n - c * LANES);
    }
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

INLINE void small_products_of(const struct pb_small_product *sizes, const int m, const int n, const int k, long count, int turned, const float *a,
                              const float *b, float *y) {
  float rows[256];
  for (long o = 0; o < count; o++, a += m * k, b += k * n, y += m * n) {
    if (o % 256 == 0 && pb_must_stop_after(256l * (m * k + 8))) return;
    const float *right = b;
    if (turned) {
      for (int i = 0; i < k; i++)
        for (int j = 0; j < n; j++) rows[i * n + j] = b[j * k + i];
      right = rows;
    }
    for (int j = 0; j < n; j += LANES) {
      vector row[16];
      if (k <= 16)
        for (int i = 0; i < k; i++) row[i] = load_rest(right + i * n + j, n - j);
      for (int r = 0; r < m; r++) {
        vector sums = {};
        for (int i = 0; i < k; i++)
          sums += splat(a[r * sizes->a_row + i * sizes->a_step]) * (k <= 16 ? row[i] : load_rest(right + i * n + j, n - j));
        store_rest(y + r * n + j, sums, n - j);
      }
    }
  }
}

/// `count` products of matrices of at most 256 elements on the right, one behind the other.
static void small_products(const struct pb_small_product *sizes, long count, int turned, const float *a, const float *b, float *y) {
  const int m = (int)sizes->rows, n = (int)sizes->columns, k = (int)sizes->depth;
  switch (m == n && n == k ? m : 0) {
#define CUBE(s)                                                       \
  case s:                                                             \
    small_products_of(sizes, s, s, s, count, turned, a, b, y);        \
    break;
    CUBE(2) CUBE(3) CUBE(4)
#undef CUBE
    default: small_products_of(sizes, m, n, k, count, turned, a, b, y);
  }
}
