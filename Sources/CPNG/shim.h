#include <stdio.h>
#include <png.h>
#include <string.h>

/// Bytes that libpng takes one after the other, how many it may still take, what is asked before whether to give up, and what it says
/// when it fails.
struct pb_png_source {
  const png_byte *bytes;
  size_t left, allowed;
  /// The rows that are still to be unfolded, and whether more bytes were asked for than there are.
  volatile size_t rows;
  volatile int ended;
  int (*must_stop)(void);
  char *message;
};

static inline void pb_png_take(png_structp png, png_bytep target, size_t count) {
  struct pb_png_source *source = png_get_io_ptr(png);
  if (source->must_stop()) png_error(png, "it was stopped");
  if (count > source->left) {
    source->ended = 1;
    png_error(png, "read beyond end of data");
  }
  if (count > source->allowed) png_error(png, "it holds more data than its pixels are made of");
  memcpy(target, source->bytes, count);
  source->bytes += count;
  source->left -= count;
  source->allowed -= count;
}

/// Called when the samples of a row are there, of those of each pass.
static inline void pb_png_count(png_structp png, png_row_infop row, png_bytep samples) {
  struct pb_png_source *source = png_get_user_transform_ptr(png);
  (void)row, (void)samples;
  if (source->rows > 0) source->rows--;
}

static inline void pb_png_fail(png_structp png, png_const_charp message) {
  struct pb_png_source *source = png_get_error_ptr(png);
  snprintf(source->message, 64, "%s", message);
  png_longjmp(png, 1);
}

static inline void pb_png_ignore(png_structp png, png_const_charp message) { (void)png, (void)message; }

/// What was read of a picture.
enum { PB_PNG_NOTHING, PB_PNG_WHOLE, PB_PNG_PART };

/// Decodes a picture into 8-bit RGBA, or only its size when `rgba` is NULL; the samples are taken as they are, whatever gamma, primaries
/// or profile the file states. What stands behind the pixels, or is missing there, is not looked at, as viewers show the picture all the
/// same. A part is some of the rows of a broken picture, the others of which stay as they were; where `keeps` is set checksums are not
/// looked at. A reason of at most 63 letters is left in `message` unless it is whole.
///
/// The simplified interface of libpng would convert samples by their gamma, and decodes those of 16 bits that are interlaced wrongly
/// (CVE-2025-65018). Memory is freed on every way out, which is why this is not Swift: libpng jumps over its callers.
static inline int pb_png_read(const png_byte *bytes, size_t count, png_uint_32 *width, png_uint_32 *height, png_byte *rgba, int keeps,
                              int (*must_stop)(void), char *message) {
  struct pb_png_source source = {bytes, count, count, 0, 0, must_stop, message};
  volatile int found = PB_PNG_NOTHING;
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, pb_png_fail, pb_png_ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    snprintf(message, 64, "no memory for a decoder");
    return PB_PNG_NOTHING;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return found == PB_PNG_PART && source.ended && source.rows == 0 ? PB_PNG_WHOLE : found;
  }
  png_set_read_fn(png, &source, pb_png_take);
  png_set_user_limits(png, 0x7FFFFFFF, 0x7FFFFFFF);
  // Only what makes pixels is looked at; the rest may unfold to any size.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  if (keeps) png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
  png_read_info(png, info);
  *width = png_get_image_width(png, info), *height = png_get_image_height(png, info);
  if (rgba) {
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 0xFF, PNG_FILLER_AFTER);
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++) {
      size_t rows = passes == 1 ? *height : PNG_PASS_ROWS(*height, pass);
      if (passes == 1 || PNG_PASS_COLS(*width, pass) > 0) source.rows += rows;
    }
    png_set_user_transform_info(png, &source, 0, 0);
    png_set_read_user_transform_fn(png, pb_png_count);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) != 4 * (size_t)*width) png_error(png, "the samples are of another kind");
    found = PB_PNG_PART;
    for (int pass = 0; pass < passes; pass++) {
      for (png_uint_32 row = 0; row < *height; row++) {
        // Behind the last row libpng unfolds whatever is left, which may be any amount.
        if (pass == passes - 1 && row == *height - 1) source.allowed = 16 * (size_t)*width + 65536;
        png_read_row(png, rgba + 4 * (size_t)*width * row, NULL);
      }
    }
    // The checksum of the samples was looked at with the last row; what stands behind them is no part of the picture.
  }
  png_destroy_read_struct(&png, &info, NULL);
  return PB_PNG_WHOLE;
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
static inline size_t pb_png_write(const png_byte *rgba, png_uint_32 width, png_uint_32 height, int has_alpha, png_uint_32 density,
                                  png_byte *bytes, size_t capacity, int (*must_stop)(void), char *message) {
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
  png_set_IHDR(png, info, width, height, 8, has_alpha ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_BASE, PNG_FILTER_TYPE_BASE);
  png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  if (density) png_set_pHYs(png, info, density, density, PNG_RESOLUTION_METER);
  png_write_info(png, info);
  if (!has_alpha) png_set_filler(png, 0, PNG_FILLER_AFTER);
  for (png_uint_32 row = 0; row < height; row++) {
    if (must_stop()) png_error(png, "it was stopped");
    png_write_row(png, rgba + 4 * (size_t)width * row);
  }
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return target.count;
}
