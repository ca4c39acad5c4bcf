/// The kernels, written once over vectors of LANES floats. Each file in instruction_sets/ sets LANES, BLOCK_ROWS, TABLE
/// and TABLE_NAME and includes this file. kernels.h says what each function does.

#include "table.h"
#include "vector_math.h"
#include "elementwise.h"
#pragma clang diagnostic push
// Functions of vectors wider than a register are all inlined, so that how they would be handed over does not matter.
#pragma clang diagnostic ignored "-Wpsabi"
#include "doubles.h"
#include "double_pairs.h"
#include "double_sums.h"
#pragma clang diagnostic pop
#include "masks.h"
#include "layout.h"
#include "stretch.h"
#include "update.h"
#include "convolve.h"
#include "reduce.h"
#include "running.h"
#include "share.h"
#include "columns.h"
#include "pool.h"
#include "product.h"
#include "select.h"
#include "random.h"
#include "panels.h"
#include "lstm.h"
#include "scan.h"

static void gather_sum(long rows, long cells, long entries, long dim, const uint8_t *ids, const float *table,
                       const float *bias, float *y) {
  for (long r = 0; r < rows; r++) {
    const uint8_t *id = ids + r * cells;
    long d = 0;
    for (; d + LANES <= dim; d += LANES) {
      vector sum = load(bias + d);
      for (long c = 0; c < cells; c++) sum += load(table + (c * entries + id[c]) * dim + d);
      store(y + r * dim + d, sum);
    }
    for (; d < dim; d++) {
      float sum = bias[d];
      for (long c = 0; c < cells; c++) sum += table[(c * entries + id[c]) * dim + d];
      y[r * dim + d] = sum;
    }
  }
}

static void axpy(long n, float a, const float *x, float *y) {
  long k = 0;
  for (; k + LANES <= n; k += LANES) store(y + k, load(y + k) + a * load(x + k));
  for (; k < n; k++) y[k] += a * x[k];
}

static void scatter_sum(long rows, long cells, long entries, long dim, const uint8_t *ids, const float *dy,
                        float *dtable) {
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < cells; c++) axpy(dim, 1, dy + r * dim, dtable + (c * entries + ids[r * cells + c]) * dim);
}

static void add_rows(long rows, long columns, long stride, const long *places, const float *x, float *y) {
  for (long r = 0; r < rows; r++) axpy(columns, 1, x + r * stride, y + places[r] * stride);
}

/// Vectors that are added up in single precision before their sum goes into one of double precision.
enum { SUMMED = 256 };

/// Moves what was added up into `total` once a block ends at the vector that starts at `d`, or all with `d` -1.
static inline void settle(vector *sums, double *total, long d) {
  if (d >= 0 && (d / LANES) % SUMMED != SUMMED - 1) return;
  *total += horizontal_sum(*sums);
  *sums = splat(0);
}

/// 1 / sqrt(the mean of the squares of distances from m + epsilon), where these are no longer floats.
static __attribute__((noinline)) float inverse_root_of_large(long dim, const float *row, double m, float epsilon) {
  double square = 0;
  for (long d = 0; d < dim; d++) square += (row[d] - m) * (row[d] - m);
  return (float)(1 / sqrt(square / (double)dim + epsilon));
}

static void layer_norm(long rows, long dim, float epsilon, const float *x, const float *weight, const float *bias,
                       float *y, float *mean, float *inverse_deviation) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * dim;
    vector sums = {}, squares = {};
    double sum = 0, square = 0;
    for (long d = 0; d < dim; d += LANES) {
      sums += load_rest(row + d, dim - d);
      settle(&sums, &sum, d);
    }
    settle(&sums, &sum, -1);
    float m = (float)sum / (float)dim;
    for (long d = 0; d < dim; d += LANES) {
      vector centered = load_rest(row + d, dim - d) - m;
      if (dim - d < LANES) centered = choose(first_lanes(dim - d), centered, splat(0));
      squares += centered * centered;
      settle(&squares, &square, d);
    }
    settle(&squares, &square, -1);
    float scale = 1 / sqrtf((float)square / (float)dim + epsilon);
    if (scale == 0) scale = inverse_root_of_large(dim, row, m, epsilon);
    for (long d = 0; d < dim; d += LANES) {
      vector normal = (load_rest(row + d, dim - d) - m) * scale;
      store_rest(y + r * dim + d, normal * load_rest(weight + d, dim - d) + load_rest(bias + d, dim - d), dim - d);
    }
    mean[r] = m;
    inverse_deviation[r] = scale;
  }
}

static void layer_norm_backward(long rows, long dim, const float *x, const float *weight, const float *mean,
                                const float *inverse_deviation, const float *dy, float *dx, float *dweight,
                                float *dbias) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * dim, *gradient = dy + r * dim;
    float m = mean[r], scale = inverse_deviation[r];
    vector sums = {}, products = {};
    double sum = 0, product = 0;
    for (long d = 0; d < dim; d += LANES) {
      vector normal = (load_rest(row + d, dim - d) - m) * scale, g = load_rest(gradient + d, dim - d);
      vector weighted = g * load_rest(weight + d, dim - d);
      store_rest(dweight + d, load_rest(dweight + d, dim - d) + g * normal, dim - d);
      store_rest(dbias + d, load_rest(dbias + d, dim - d) + g, dim - d);
      sums += weighted;
      products += weighted * normal;
      settle(&sums, &sum, d);
      settle(&products, &product, d);
    }
    settle(&sums, &sum, -1);
    settle(&products, &product, -1);
    float a = (float)sum / (float)dim, b = (float)product / (float)dim;
    for (long d = 0; d < dim; d += LANES) {
      vector normal = (load_rest(row + d, dim - d) - m) * scale;
      vector weighted = load_rest(gradient + d, dim - d) * load_rest(weight + d, dim - d);
      store_rest(dx + r * dim + d, scale * (weighted - a - normal * b), dim - d);
    }
  }
}

static void rms_norm(long rows, long dim, float epsilon, const float *x, const float *weight, float *y,
                     float *inverse) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * dim;
    vector squares = {};
    double square = 0;
    for (long d = 0; d < dim; d += LANES) {
      vector value = load_rest(row + d, dim - d);
      squares += value * value;
      settle(&squares, &square, d);
    }
    settle(&squares, &square, -1);
    float scale = 1 / sqrtf((float)square / (float)dim + epsilon);
    if (scale == 0) scale = inverse_root_of_large(dim, row, 0, epsilon);
    for (long d = 0; d < dim; d += LANES)
      store_rest(y + r * dim + d, load_rest(row + d, dim - d) * scale * load_rest(weight + d, dim - d), dim - d);
    inverse[r] = scale;
  }
}

static void rms_norm_backward(long rows, long dim, const float *x, const float *weight, const float *inverse,
                              const float *dy, float *dx, float *dweight) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * dim, *gradient = dy + r * dim;
    float scale = inverse[r];
    vector products = {};
    double product = 0;
    for (long d = 0; d < dim; d += LANES) {
      vector normal = load_rest(row + d, dim - d) * scale, g = load_rest(gradient + d, dim - d);
      store_rest(dweight + d, load_rest(dweight + d, dim - d) + g * normal, dim - d);
      products += g * load_rest(weight + d, dim - d) * normal;
      settle(&products, &product, d);
    }
    settle(&products, &product, -1);
    float b = (float)product / (float)dim;
    for (long d = 0; d < dim; d += LANES) {
      vector weighted = load_rest(gradient + d, dim - d) * load_rest(weight + d, dim - d);
      store_rest(dx + r * dim + d, scale * (weighted - load_rest(row + d, dim - d) * scale * b), dim - d);
    }
  }
}

static void softmax(long rows, long classes, const float *x, float *probabilities) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * classes;
    float *out = probabilities + r * classes;
    float largest = largest_of(classes, row), sum = 0;
    vector sums = {};
    double total = 0;
    long k = 0;
    for (; k + LANES <= classes; k += LANES) {
      vector e = full_exponential(load(row + k) - largest);
      sums += e;
      store(out + k, e);
      settle(&sums, &total, k);
    }
    settle(&sums, &total, -1);
    if (k < classes) {
      vector e = full_exponential(load_first(row + k, classes - k) - largest);
      for (long j = 0; j < classes - k; j++) sum += e[j];
      store_first(out + k, e, classes - k);
    }
    float scale = 1 / (sum + (float)total);
    for (k = 0; k < classes; k += LANES) store_rest(out + k, load_rest(out + k, classes - k) * scale, classes - k);
  }
}

static void adamw(long n, float *value, const float *gradient, float *first, float *second, float rate, float beta1,
                  float beta2, float epsilon, float decay, float correction1, float correction2) {
  float keep = 1 - rate * decay, step = rate / correction1, root = 1 / sqrtf(correction2);
  for (long k = 0; k < n; k++) {
    float g = gradient[k];
    first[k] += (1 - beta1) * (g - first[k]);
    second[k] = beta2 * second[k] + (1 - beta2) * g * g;
    value[k] = value[k] * keep - step * first[k] / (sqrtf(second[k]) * root + epsilon);
  }
}

static void matrix_vector(long rows, long depth, const float *matrix, long stride, const float *x, float *y,
                          int accumulate) {
  for (long r = 0; r < rows; r += LANES) {
    long count = rows - r < LANES ? rows - r : LANES, k = 0;
    const float *first = matrix + r * stride;
    vector sums[LANES] = {};
    if (count == LANES) {
      for (; k + LANES <= depth; k += LANES) {
        vector value = load(x + k);
        for (int j = 0; j < LANES; j++) sums[j] += value * load(first + j * stride + k);
      }
      if (k < depth) {
        vector value = load_first(x + k, depth - k);
        for (int j = 0; j < LANES; j++) sums[j] += value * load_first(first + j * stride + k, depth - k);
      }
    } else {
      for (; k < depth; k += LANES)
        for (long j = 0; j < count; j++)
          sums[j] += load_rest(x + k, depth - k) * load_rest(first + j * stride + k, depth - k);
    }
    float total[LANES];
    lane_sums(LANES, sums, total);
    vector sum = load(total);
    store_rest(y + r, accumulate ? sum + load_rest(y + r, count) : sum, count);
  }
}

static void column_sums(long rows, long columns, long stride, const float *x, float *sums) {
  for (long r = 0; r < rows; r++) axpy(columns, 1, x + r * stride, sums);
}

static void fill_rows(long rows, long columns, long stride, const float *row, float *x) {
  for (long r = 0; r < rows; r++) memcpy(x + r * stride, row, (unsigned long)columns * sizeof(float));
}

#include "mamba.h"
#include "scan_last.h"
#include "attention.h"

const struct kernel_table TABLE = {
    .name = TABLE_NAME,
    .lanes = LANES,
#define PLACE(place, function, parameters) .place = function,
    KERNELS(PLACE)
#undef PLACE
};
