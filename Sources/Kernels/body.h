/// The kernels, written once over vectors of LANES floats. Each file in instruction_sets/ sets LANES, BLOCK_ROWS, TABLE
/// and TABLE_NAME and includes this file. kernels.h says what each function does.

#include "table.h"
#include "vector_math.h"
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

static void layer_norm(long rows, long dim, float epsilon, const float *x, const float *weight, const float *bias,
                       float *y, float *mean, float *inverse_deviation) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * dim;
    float sum = 0, squares = 0;
    vector sums = {};
    long d = 0;
    for (; d + LANES <= dim; d += LANES) sums += load(row + d);
    for (; d < dim; d++) sum += row[d];
    float m = (sum + horizontal_sum(sums)) / (float)dim;
    sums = (vector){};
    for (d = 0; d + LANES <= dim; d += LANES) {
      vector centered = load(row + d) - m;
      sums += centered * centered;
    }
    for (; d < dim; d++) squares += (row[d] - m) * (row[d] - m);
    float scale = 1 / sqrtf((squares + horizontal_sum(sums)) / (float)dim + epsilon);
    for (d = 0; d + LANES <= dim; d += LANES)
      store(y + r * dim + d, (load(row + d) - m) * scale * load(weight + d) + load(bias + d));
    for (; d < dim; d++) y[r * dim + d] = (row[d] - m) * scale * weight[d] + bias[d];
    mean[r] = m;
    inverse_deviation[r] = scale;
  }
}

static void layer_norm_backward(long rows, long dim, const float *x, const float *weight, const float *mean,
                                const float *inverse_deviation, const float *dy, float *dx, float *dweight,
                                float *dbias) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * dim, *gradient = dy + r * dim;
    float m = mean[r], scale = inverse_deviation[r], sum = 0, product = 0;
    vector sums = {}, products = {};
    long d = 0;
    for (; d + LANES <= dim; d += LANES) {
      vector normal = (load(row + d) - m) * scale, g = load(gradient + d), weighted = g * load(weight + d);
      store(dweight + d, load(dweight + d) + g * normal);
      store(dbias + d, load(dbias + d) + g);
      sums += weighted;
      products += weighted * normal;
    }
    for (; d < dim; d++) {
      float normal = (row[d] - m) * scale, weighted = gradient[d] * weight[d];
      dweight[d] += gradient[d] * normal;
      dbias[d] += gradient[d];
      sum += weighted;
      product += weighted * normal;
    }
    float a = (sum + horizontal_sum(sums)) / (float)dim, b = (product + horizontal_sum(products)) / (float)dim;
    for (d = 0; d + LANES <= dim; d += LANES) {
      vector normal = (load(row + d) - m) * scale;
      store(dx + r * dim + d, scale * (load(gradient + d) * load(weight + d) - a - normal * b));
    }
    for (; d < dim; d++)
      dx[r * dim + d] = scale * (gradient[d] * weight[d] - a - (row[d] - m) * scale * b);
  }
}

static void softmax(long rows, long classes, const float *x, float *probabilities) {
  for (long r = 0; r < rows; r++) {
    const float *row = x + r * classes;
    float *out = probabilities + r * classes;
    float largest = row[0], sum = 0;
    for (long k = 1; k < classes; k++) largest = row[k] > largest ? row[k] : largest;
    vector sums = {};
    long k = 0;
    for (; k + LANES <= classes; k += LANES) {
      vector e = exponential(load(row + k) - largest);
      sums += e;
      store(out + k, e);
    }
    if (k < classes) {
      vector e = exponential(load_first(row + k, classes - k) - largest);
      for (long j = 0; j < classes - k; j++) sum += e[j];
      store_first(out + k, e, classes - k);
    }
    float scale = 1 / (sum + horizontal_sum(sums));
    for (k = 0; k < classes; k++) out[k] *= scale;
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

static void add(long n, const float *a, const float *b, float *y) {
  for (long k = 0; k < n; k++) y[k] = a[k] + b[k];
}

static void multiply(long n, const float *a, const float *b, float *y) {
  for (long k = 0; k < n; k++) y[k] = a[k] * b[k];
}

static void column_sums(long rows, long columns, long stride, const float *x, float *sums) {
  for (long r = 0; r < rows; r++) axpy(columns, 1, x + r * stride, sums);
}

static void fill_rows(long rows, long columns, long stride, const float *row, float *x) {
  for (long r = 0; r < rows; r++) memcpy(x + r * stride, row, (unsigned long)columns * sizeof(float));
}

/// y = f(x) for every element, the last vector partly filled.
#define ELEMENTWISE(name, f)                                                  \
  static void name(long n, const float *x, float *y) {                        \
    long k = 0;                                                               \
    for (; k + LANES <= n; k += LANES) store(y + k, f(load(x + k)));          \
    if (k < n) store_first(y + k, f(load_first(x + k, n - k)), n - k);        \
  }

/// e^x over the whole range: 0 below the smallest normal number, infinity above the largest.
INLINE vector full_exponential(vector x) {
  vector y = exponential(x);
  y = choose(x < splat(-87.33654f), splat(0), y);
  return choose(x > splat(88.72284f), splat(INFINITY), y);
}

ELEMENTWISE(elementwise_exp, full_exponential)
ELEMENTWISE(elementwise_tanh, hyperbolic_tangent)
ELEMENTWISE(elementwise_sigmoid, logistic)

#include "mamba.h"
#include "scan_last.h"
#include "attention.h"

const struct kernel_table TABLE = {
    .name = TABLE_NAME,
    .lstm_forward = lstm_forward,
    .lstm_backward = lstm_backward,
    .gather_sum = gather_sum,
    .scatter_sum = scatter_sum,
    .layer_norm = layer_norm,
    .layer_norm_backward = layer_norm_backward,
    .softmax = softmax,
    .adamw = adamw,
    .axpy = axpy,
    .add = add,
    .multiply = multiply,
    .column_sums = column_sums,
    .fill_rows = fill_rows,
    .exp = elementwise_exp,
    .tanh = elementwise_tanh,
    .sigmoid = elementwise_sigmoid,
    .softplus = elementwise_softplus,
    .softplus_backward = softplus_backward,
    .gate = gate,
    .gate_backward = gate_backward,
    .forget_gate = forget_gate,
    .forget_gate_backward = forget_gate_backward,
    .convolution_silu = convolution_silu,
    .convolution_silu_backward = convolution_silu_backward,
    .scan_forward = scan_forward,
    .scan_backward = scan_backward,
    .scan_last_forward = scan_last_forward,
    .scan_last_backward = scan_last_backward,
    .attention_forward = attention_forward,
    .attention_backward = attention_backward,
    .dropout = dropout,
    .relu_dropout = relu_dropout,
    .relu_dropout_backward = relu_dropout_backward,
};
