#include <stdio.h>
#include <setjmp.h>
#include <string.h>
#include <jpeglib.h>
#include <jerror.h>

/// What libjpeg asks and says while it works: where it jumps to when it fails, why it failed, and whether to give up.
struct pb_jpeg_work {
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf failed;
  int (*must_stop)(void);
  char *message;
  /// Whether broken pictures are kept, whether this one is broken, and whether its end is missing.
  int keeps, is_broken, has_no_end;
};

/// The letters of a reason, its end included.
enum { PB_JPEG_MESSAGE = JMSG_LENGTH_MAX };

static inline void pb_jpeg_fail(j_common_ptr codec) {
  struct pb_jpeg_work *work = (struct pb_jpeg_work *)codec->err;
  codec->err->format_message(codec, work->message);
  longjmp(work->failed, 1);
}

/// A warning says that the data are broken, so it is an error, unless all pixels are there nevertheless; what is below is only told for
/// the curious.
static inline void pb_jpeg_tell(j_common_ptr codec, int level) {
  struct pb_jpeg_work *work = (struct pb_jpeg_work *)codec->err;
  if (level >= 0) return;
  switch (codec->err->msg_code) {
    case JWRN_JPEG_EOF: work->has_no_end = 1; return;
    case JWRN_EXTRANEOUS_DATA: case JWRN_JFIF_MAJOR: case JWRN_ADOBE_XFORM: case JWRN_TOO_MUCH_DATA: return;
    default: break;
  }
  if (!work->keeps) pb_jpeg_fail(codec);
  if (!work->is_broken) codec->err->format_message(codec, work->message);
  work->is_broken = 1;
}

static inline void pb_jpeg_stop(struct pb_jpeg_work *work, const char *message) {
  snprintf(work->message, PB_JPEG_MESSAGE, "%s", message);
  longjmp(work->failed, 1);
}

/// The most scans of a picture, as programs of libjpeg-turbo have it, and the most pixels of all scans of one together, which are 50 scans
/// of the largest.
enum { PB_JPEG_SCANS = 500 };
static const double pb_jpeg_pixels = 50.0 * (64 << 20);

/// Is called for every few rows of every scan. Those of a few bytes may be scans of the whole picture, thousands of which take hours.
static inline void pb_jpeg_look(j_common_ptr codec) {
  struct pb_jpeg_work *work = (struct pb_jpeg_work *)codec->err;
  if (work->must_stop()) pb_jpeg_stop(work, "it was stopped");
  if (!codec->is_decompressor) return;
  j_decompress_ptr picture = (j_decompress_ptr)codec;
  double most = pb_jpeg_pixels / ((double)picture->image_width * picture->image_height);
  if (most > PB_JPEG_SCANS) most = PB_JPEG_SCANS;
  if (picture->input_scan_number <= most) return;
  char message[PB_JPEG_MESSAGE];
  snprintf(message, sizeof message, "it has more than %d scans of %u x %u pixels", (int)most, picture->image_width, picture->image_height);
  pb_jpeg_stop(work, message);
}

static inline struct jpeg_error_mgr *pb_jpeg_errors(struct pb_jpeg_work *work) {
  jpeg_std_error(&work->errors);
  work->errors.error_exit = pb_jpeg_fail;
  work->errors.emit_message = pb_jpeg_tell;
  work->progress.progress_monitor = pb_jpeg_look;
  return &work->errors;
}

/// What the header of a picture says.
struct pb_jpeg_header {
  unsigned width, height;
};

/// Makes red, green, blue and alpha of the four colors of print, which files hold as how much light they leave.
static inline void pb_jpeg_unprint(unsigned char *row, size_t count) {
  for (unsigned char *pixel = row; pixel < row + 4 * count; pixel += 4) {
    unsigned black = pixel[3];
    for (int color = 0; color < 3; color++) {
      unsigned ink = 255 - pixel[color];
      unsigned product = ink * black + 128;
      pixel[color] = (unsigned char)(black - (((product >> 8) + product) >> 8));
    }
    pixel[3] = 255;
  }
}

/// Whether a progressive picture lacks scans.
static inline int pb_jpeg_lacks_scans(j_decompress_ptr codec) {
  if (!codec->progressive_mode || !codec->coef_bits) return 0;
  for (int component = 0; component < codec->num_components; component++) {
    for (int place = 0; place < DCTSIZE2; place++) {
      if (codec->coef_bits[component][place] != 0) return 1;
    }
  }
  return 0;
}

/// Decodes a JPEG into 8-bit RGBA rows, or only its header when `rgba` is NULL; 1 when it is whole, 2 when some of it is there and
/// `keeps` is set, else 0; the reason is left in `message` [PB_JPEG_MESSAGE]. `must_stop` is asked every few rows. Memory is freed on
/// every way out, which is why this is not Swift: libjpeg jumps over its callers.
static inline int pb_jpeg_read(const unsigned char *bytes, unsigned long count, struct pb_jpeg_header *header,
                               unsigned char *rgba, int keeps, int (*must_stop)(void), char *message) {
  struct pb_jpeg_work work = {.must_stop = must_stop, .message = message, .keeps = keeps};
  struct jpeg_decompress_struct codec = {.err = pb_jpeg_errors(&work)};
  volatile int rows = 0;
  if (setjmp(work.failed)) {
    jpeg_destroy_decompress(&codec);
    return rows && keeps ? 2 : 0;
  }
  jpeg_create_decompress(&codec);
  codec.progress = &work.progress;
  jpeg_mem_src(&codec, bytes, count);
  jpeg_read_header(&codec, TRUE);
  header->width = codec.image_width, header->height = codec.image_height;
  int is_print = codec.jpeg_color_space == JCS_CMYK || codec.jpeg_color_space == JCS_YCCK;
  if (rgba) {
    codec.out_color_space = is_print ? JCS_CMYK : JCS_EXT_RGBA;
    codec.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&codec);
    while (codec.output_scanline < codec.output_height) {
      JSAMPROW row = rgba + 4 * (size_t)codec.output_width * codec.output_scanline;
      jpeg_read_scanlines(&codec, &row, 1);
      if (is_print) pb_jpeg_unprint(row, codec.output_width);
      rows = 1;
    }
    if (work.has_no_end && pb_jpeg_lacks_scans(&codec)) {
      if (!keeps) pb_jpeg_stop(&work, "it ends before its last scan");
      work.is_broken = 1;
    }
    jpeg_finish_decompress(&codec);
  }
  jpeg_destroy_decompress(&codec);
  return work.is_broken ? 2 : 1;
}

static inline void pb_jpeg_begin(j_compress_ptr codec) { (void)codec; }
static inline boolean pb_jpeg_is_full(j_compress_ptr codec) {
  pb_jpeg_stop((struct pb_jpeg_work *)codec->err, "larger than its room");
  return FALSE;
}

/// Encodes rows of RGB and a byte that is passed over, each pixel with a color of its own; gives the bytes written, or 0 and a
/// reason in `message` [PB_JPEG_MESSAGE].
static inline size_t pb_jpeg_write(const unsigned char *rgbx, unsigned width, unsigned height, int quality,
                                   unsigned char *bytes, size_t capacity, int (*must_stop)(void), char *message) {
  struct pb_jpeg_work work = {.must_stop = must_stop, .message = message};
  struct jpeg_compress_struct codec = {.err = pb_jpeg_errors(&work)};
  struct jpeg_destination_mgr target = {bytes, capacity, pb_jpeg_begin, pb_jpeg_is_full, pb_jpeg_begin};
  if (setjmp(work.failed)) {
    jpeg_destroy_compress(&codec);
    return 0;
  }
  jpeg_create_compress(&codec);
  codec.progress = &work.progress;
  codec.dest = &target;
  codec.image_width = width, codec.image_height = height;
  codec.input_components = 4, codec.in_color_space = JCS_EXT_RGBX;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, quality, TRUE);
  codec.dct_method = JDCT_ISLOW;
  codec.comp_info[0].h_samp_factor = codec.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < height) {
    JSAMPROW row = (JSAMPROW)rgbx + 4 * (size_t)width * codec.next_scanline;
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  size_t count = capacity - target.free_in_buffer;
  jpeg_destroy_compress(&codec);
  return count;
}
