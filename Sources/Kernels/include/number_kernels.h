#ifndef PIXELBYTES_NUMBER_KERNELS_H
#define PIXELBYTES_NUMBER_KERNELS_H

#include <stdint.h>

/// Functions of numbers in double precision; doubles.h says what each is and how near. NaN stays as it is, with all its bits.
enum pb_double_function {
  PB_DOUBLE_EXP, PB_DOUBLE_LOG, PB_DOUBLE_LOG2, PB_DOUBLE_SIN, PB_DOUBLE_COS, PB_DOUBLE_TAN, PB_DOUBLE_TANH, PB_DOUBLE_SQRT, PB_DOUBLE_ABS, PB_DOUBLE_NEGATE,
  PB_DOUBLE_FLOOR, PB_DOUBLE_CEIL, PB_DOUBLE_ROUND, PB_DOUBLE_DIGITS
};

/// y = f(x). PB_DOUBLE_DIGITS keeps as many digits behind the point as the power of ten `unit`, from 10 to 10^22, has zeros.
void pb_map_doubles(enum pb_double_function function, long n, double unit, const double *x, double *y);

/// Functions and comparisons of two numbers in double precision, of which the last two look at the first number alone; double_pairs.h says what each is.
enum pb_double_pair {
  PB_DOUBLE_ADD, PB_DOUBLE_SUBTRACT, PB_DOUBLE_MULTIPLY, PB_DOUBLE_DIVIDE, PB_DOUBLE_FLOOR_DIVIDE, PB_DOUBLE_REMAINDER, PB_DOUBLE_POWER, PB_DOUBLE_MAXIMUM, PB_DOUBLE_MINIMUM, PB_DOUBLE_EQUAL,
  PB_DOUBLE_NOT_EQUAL, PB_DOUBLE_LESS, PB_DOUBLE_LESS_OR_EQUAL, PB_DOUBLE_IS_NAN, PB_DOUBLE_IS_INFINITE
};

/// y = f(a, b) of n numbers; steps are 1, or 0 for a number that serves for all. The bits of the NaN `missing` stand for a number that is not
/// there: what is made with one is missing.
void pb_combine_doubles(enum pb_double_pair function, long n, const double *a, long step_a, const double *b, long step_b,
                        int64_t missing, double *y);

/// y = 1 where a comparison holds, else 0; a missing number is equal to another missing one.
void pb_compare_doubles(enum pb_double_pair comparison, long n, const double *a, long step_a, const double *b, long step_b,
                        int64_t missing, uint8_t *y);

/// y = a where the mask is 1, b where it is 0, else missing; steps as in pb_combine_doubles.
void pb_select_doubles(long n, const uint8_t *mask, const double *a, long step_a, const double *b, long step_b, int64_t missing,
                       double *y);

/// Adds up n numbers, each times a factor and less a center, and their squares, without those that are the NaN `missing`: `sums` gets the sum
/// and what rounding took from it, then both of the squares, and `there` how many there are. The same on any machine.
void pb_sum_doubles(long n, const double *x, int64_t missing, double factor, double center, long *there, double *sums);

#endif
