#ifndef _GNU_SOURCE
#define _GNU_SOURCE  // fopencookie
#endif
#include <stdio.h>
#include <png.h>
#include <string.h>

/// Compound macros do not reach Swift; this one does.
static const png_uint_32 pb_png_format_rgba = PNG_FORMAT_RGBA;

/// Bytes that libpng takes one after the other, what is asked before whether to give up, and what it says when it fails.
struct pb_png_source {
  const png_byte *bytes;
  size_t left;
  int (*must_stop)(void);
  char *message;
};

static inline ssize_t pb_png_give(void *cookie, char *target, size_t count) {
  struct pb_png_source *source = cookie;
  if (source->must_stop()) return -1;
  if (count > source->left) count = source->left;
  // A thousand bytes may be a million pixels.
  if (count > 1024) count = 1024;
  memcpy(target, source->bytes, count);
  source->bytes += count;
  source->left -= count;
  return (ssize_t)count;
}

/// The bytes as a file, the only form in which the simplified interface of libpng lets its caller be asked while it works.
static inline FILE *pb_png_open(struct pb_png_source *source) {
  return fopencookie(source, "r", (cookie_io_functions_t){.read = pb_png_give});
}

static inline void pb_png_take(png_structp png, png_bytep target, size_t count) {
  struct pb_png_source *source = png_get_io_ptr(png);
  if (source->must_stop()) png_error(png, "it was stopped");
  if (count > source->left) png_error(png, "read beyond end of data");
  memcpy(target, source->bytes, count);
  source->bytes += count;
  source->left -= count;
}

static inline void pb_png_fail(png_structp png, png_const_charp message) {
  struct pb_png_source *source = png_get_error_ptr(png);
  snprintf(source->message, 64, "%s", message);
  png_longjmp(png, 1);
}

static inline void pb_png_ignore(png_structp png, png_const_charp message) { (void)png, (void)message; }

/// Decodes a picture of 16-bit samples, whose size is known to be `width` x `height`, into 8-bit RGBA; 1 when it is whole.
///
/// The simplified interface of libpng decodes those that are interlaced wrongly: before 1.6.51 it wrote beyond its memory
/// (CVE-2025-65018), and some of the versions mended since give other pixels. A reason of at most 63 letters is left in
/// `message`. Memory is freed on every way out, which is why this is not Swift: libpng jumps over its callers.
static inline int pb_png_read_deep(
  const png_byte *bytes, size_t count, png_uint_32 width, png_uint_32 height, png_byte *rgba, int (*must_stop)(void),
  char *message) {
  struct pb_png_source source = {bytes, count, must_stop, message};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, pb_png_fail, pb_png_ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    snprintf(message, 64, "no memory for a decoder");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  png_set_read_fn(png, &source, pb_png_take);
  png_read_info(png, info);
  png_set_scale_16(png);
  png_set_tRNS_to_alpha(png);
  png_set_gray_to_rgb(png);
  png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_image_width(png, info) != width || png_get_image_height(png, info) != height ||
      png_get_rowbytes(png, info) != 4 * (size_t)width) {
    png_error(png, "the samples are of another kind");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (png_uint_32 row = 0; row < height; row++) png_read_row(png, rgba + 4 * (size_t)width * row, NULL);
  }
  png_read_end(png, NULL);
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}

/// Room for a file, what is written of it, and what is asked before every row whether to give up.
struct pb_png_target {
  png_byte *bytes;
  size_t count, capacity;
  int (*must_stop)(void);
  char *message;
};

static inline void pb_png_put(png_structp png, png_bytep source, size_t count) {
  struct pb_png_target *target = png_get_io_ptr(png);
  if (count > target->capacity - target->count) png_error(png, "larger than its room");
  memcpy(target->bytes + target->count, source, count);
  target->count += count;
}

static inline void pb_png_flush(png_structp png) { (void)png; }

static inline void pb_png_fail_writing(png_structp png, png_const_charp message) {
  struct pb_png_target *target = png_get_error_ptr(png);
  snprintf(target->message, 64, "%s", message);
  png_longjmp(png, 1);
}

/// Encodes 8-bit RGBA as the simplified interface of libpng does, but row by row; gives the bytes written, 0 when it failed.
/// A `density` above 0 is told as so many pixels a meter.
static inline size_t pb_png_write(const png_byte *rgba, png_uint_32 width, png_uint_32 height, png_uint_32 density, png_byte *bytes,
                                  size_t capacity, int (*must_stop)(void), char *message) {
  struct pb_png_target target = {bytes, 0, capacity, must_stop, message};
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &target, pb_png_fail_writing, pb_png_ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_write_struct(&png, NULL);
    snprintf(message, 64, "no memory for an encoder");
    return 0;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_write_struct(&png, &info);
    return 0;
  }
  png_set_write_fn(png, &target, pb_png_put, pb_png_flush);
  png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
               PNG_FILTER_TYPE_BASE);
  png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (density) png_set_pHYs(png, info, density, density, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  for (png_uint_32 row = 0; row < height; row++) {
    if (must_stop()) png_error(png, "it was stopped");
    png_write_row(png, rgba + 4 * (size_t)width * row);
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return target.count;
}
