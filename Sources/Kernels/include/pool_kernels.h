#ifndef PIXELBYTES_POOL_KERNELS_H
#define PIXELBYTES_POOL_KERNELS_H

/// Windows [kernel_rows, kernel_columns] that move over planes [height, width] with padding: each place of a window is one of the results
/// [rows, columns] of a plane.
struct pb_pool {
  long height, width, rows, columns, kernel_rows, kernel_columns, row_stride, column_stride, row_padding, column_padding;
};

/// y = the largest element of each window, NaN where one is, for `rows` rows of results from `first` on of all planes; padding is none.
/// y is where the first of these rows is.
void pb_largest_pool(const struct pb_pool *pool, long first, long rows, const float *x, float *y);

/// y = the mean of each window, in double precision, padding counted as zeros.
void pb_mean_pool(const struct pb_pool *pool, long first, long rows, const float *x, float *y);

/// The gradients of `planes` planes from `first` on, added to zeros.
void pb_largest_pool_backward(const struct pb_pool *pool, long first, long planes, const float *x, const float *dy, float *dx);
void pb_mean_pool_backward(const struct pb_pool *pool, long first, long planes, const float *dy, float *dx);

#endif
