#include <string.h>

#include "pieces.h"

/// Whether all places of one side lie in 0 ..< count.
static int is_inside(const struct pb_copy *copy, const long *steps, long start, long count) {
  long low = start, high = start;
  for (long k = 0; k < copy->axes; k++) {
    long way = (copy->sizes[k] - 1) * steps[k];
    if (way < 0)
      low += way;
    else
      high += way;
  }
  return low >= 0 && high < count;
}

static long distance(long step) { return step < 0 ? -step : step; }

/// Makes neighboring axes one along which both sides move evenly.
static void join_axes(struct pb_copy *copy) {
  long axes = 0;
  for (long k = 0; k < copy->axes; k++) {
    long size = copy->sizes[k], from = copy->from[k], to = copy->to[k];
    int joins = axes > 0 && copy->from[axes - 1] == from * size && copy->to[axes - 1] == to * size;
    if (joins) size *= copy->sizes[--axes];
    copy->sizes[axes] = size, copy->from[axes] = from, copy->to[axes] = to;
    axes++;
  }
  copy->axes = axes;
}

/// Moves an axis to another place behind it.
static void move_axis(long *entries, long axis, long place) {
  long entry = entries[axis];
  for (; axis < place; axis++) entries[axis] = entries[axis + 1];
  entries[place] = entry;
}

int pb_plan_copy(struct pb_copy *copy, long axes, const long *shape, const long *from, long start, long read, const long *to,
                 long target, long written) {
  copy->axes = 0;
  copy->transposes = 0;
  long whole = 1;
  for (long axis = 0; axis < axes; axis++) whole *= shape[axis];
  // The longest steps of the side that is written to come first. More axes than there is room for have too many elements.
  for (long axis = 0; axis < axes; axis++) {
    if (shape[axis] == 1) continue;
    if (copy->axes == PB_AXES) return 0;
    long k = copy->axes++, step = to ? to[axis] : (whole /= shape[axis]);
    for (; k > 0 && distance(copy->to[k - 1]) < distance(step); k--)
      copy->sizes[k] = copy->sizes[k - 1], copy->from[k] = copy->from[k - 1], copy->to[k] = copy->to[k - 1];
    copy->sizes[k] = shape[axis], copy->from[k] = from[axis], copy->to[k] = step;
  }
  join_axes(copy);
  if (copy->axes == 0) copy->axes = copy->sizes[0] = copy->from[0] = copy->to[0] = 1;
  long last = copy->axes - 1;
  // Where the elements that are read lie side by side along another axis than those that are written, both make a matrix.
  if (copy->to[last] == 1 && copy->from[last] != 1 && copy->from[last] != 0) {
    long axis = last - 1;
    while (axis >= 0 && copy->from[axis] != 1) axis--;
    if (axis >= 0 && copy->sizes[axis] > 3) {
      // A few columns are copied row by row.
      copy->transposes = copy->sizes[last] > 3;
      move_axis(copy->sizes, axis, last - 1);
      move_axis(copy->from, axis, last - 1);
      move_axis(copy->to, axis, last - 1);
    }
  }
  copy->split = 0;
  for (long axis = 1; axis <= last; axis++)
    if (copy->sizes[axis] > copy->sizes[copy->split]) copy->split = axis;
  for (long axis = last - 1; axis >= 0; axis--)
    if (copy->sizes[axis] >= 64) copy->split = axis;
  return is_inside(copy, copy->from, start, read) && is_inside(copy, copy->to, target, written);
}

long pb_split_size(const struct pb_copy *copy) { return copy->sizes[copy->split]; }

long pb_copy_cost(const struct pb_copy *copy) {
  long last = copy->axes - 1, count = 1;
  for (long axis = 0; axis <= last; axis++) count *= copy->sizes[axis];
  int is_slow = copy->transposes || copy->to[last] != 1 || distance(copy->from[last]) > 1;
  return count / 4 * (is_slow ? 2 : 1);
}

void pb_copy_part(const struct pb_copy *copy, long first, long count, const float *x, float *y) {
  x += first * copy->from[copy->split];
  y += first * copy->to[copy->split];
  if (count == copy->sizes[copy->split]) {
    pb_active()->copy_strided(copy, x, y);
    return;
  }
  struct pb_copy part = *copy;
  part.sizes[copy->split] = count;
  pb_active()->copy_strided(&part, x, y);
}

void pb_join_rows(long rows, const long widths[4], const float *a, const float *b, const float *c, const float *d, float *y, long apart) {
  const float *x[4] = {a, b, c, d};
  pb_active()->join_rows(rows, widths, x, y, apart);
}

void pb_begin_walk(struct pb_walk *walk, long axes, const long *shape) {
  walk->axes = axes;
  memcpy(walk->sizes, shape, (unsigned long)axes * sizeof(long));
  memset(walk->steps[1], 0, (unsigned long)axes * sizeof(long));
  memset(walk->steps[2], 0, (unsigned long)axes * sizeof(long));
}

void pb_add_operand(struct pb_walk *walk, int operand, long axes, const long *shape, const long *strides) {
  long *steps = walk->steps[operand], missing = walk->axes - axes, step = 1;
  for (long axis = axes - 1; axis >= 0; axis--) {
    steps[missing + axis] = shape[axis] == 1 ? 0 : strides ? strides[axis] : step;
    step *= shape[axis];
  }
  for (long axis = 0; axis < missing; axis++) steps[axis] = 0;
}

void pb_end_walk(struct pb_walk *walk) {
  long axes = 0, (*steps)[PB_AXES] = walk->steps;
  for (long k = 0; k < walk->axes; k++) {
    long size = walk->sizes[k];
    if (size == 1) continue;
    int joins = axes > 0;
    for (int o = 0; o < 3; o++) joins = joins && steps[o][axes - 1] == steps[o][k] * size;
    if (joins) size *= walk->sizes[--axes];
    walk->sizes[axes] = size;
    for (int o = 0; o < 3; o++) steps[o][axes] = steps[o][k];
    axes++;
  }
  if (axes == 0) {
    axes = walk->sizes[0] = 1;
    for (int o = 0; o < 3; o++) steps[o][0] = 0;
  }
  walk->axes = axes;
}

int pb_far_operands(const struct pb_walk *walk) {
  long last = walk->axes - 1;
  if (walk->sizes[last] < 8) return 7;
  int far = 0;
  for (int o = 0; o < 3; o++) far |= (walk->steps[o][last] < -1 || walk->steps[o][last] > 8) << o;
  return far;
}

void pb_put_longest_last(struct pb_walk *walk, long size) {
  long last = walk->axes - 1, axis = 0;
  for (long k = 1; k <= last; k++)
    if (walk->sizes[k] > walk->sizes[axis]) axis = k;
  if (walk->sizes[last] >= size || walk->sizes[axis] == walk->sizes[last]) return;
#define SWAP(entries)                                                                       \
  do {                                                                                      \
    long entry = (entries)[axis];                                                           \
    (entries)[axis] = (entries)[last];                                                      \
    (entries)[last] = entry;                                                                \
  } while (0)
  SWAP(walk->sizes);
  for (int o = 0; o < 3; o++) SWAP(walk->steps[o]);
#undef SWAP
}

void pb_update(const struct pb_walk *walk, enum pb_pair_function function, long start, long n, const float *b, float *x) {
  pb_active()->update(walk, (int)function, start, n, b, x);
}

void pb_largest_pool(const struct pb_pool *pool, long first, long rows, const float *x, float *y) {
  pb_active()->largest_pool(pool, first, rows, x, y);
}

void pb_mean_pool(const struct pb_pool *pool, long first, long rows, const float *x, float *y) {
  pb_active()->mean_pool(pool, first, rows, x, y);
}

void pb_largest_pool_backward(const struct pb_pool *pool, long first, long planes, const float *x, const float *dy, float *dx) {
  pb_active()->largest_pool_backward(pool, first, planes, x, dy, dx);
}

void pb_mean_pool_backward(const struct pb_pool *pool, long first, long planes, const float *dy, float *dx) {
  pb_active()->mean_pool_backward(pool, first, planes, dy, dx);
}
