#include <stdint.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

/// What the header of a picture says.
struct pb_webp_header {
  int width, height, is_animated;
};

/// Reads the header of a picture; 1 when there is one.
static inline int pb_webp_read_header(const uint8_t *bytes, size_t count, struct pb_webp_header *header) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(bytes, count, &features) != VP8_STATUS_OK) return 0;
  header->width = features.width, header->height = features.height, header->is_animated = features.has_animation;
  return 1;
}

/// Decodes a picture into `rgba`, whose size is that of the header, a piece of the file after the other; `must_stop` is asked before
/// each. 1 when it is whole, 2 when there are rows of it, 0 when there is none.
static inline int pb_webp_read(const uint8_t *bytes, size_t count, int width, int height, uint8_t *rgba, int (*must_stop)(void)) {
  WebPIDecoder *decoder = WebPINewRGB(MODE_RGBA, rgba, 4 * (size_t)width * (size_t)height, 4 * width);
  if (!decoder) return 0;
  VP8StatusCode status = VP8_STATUS_SUSPENDED;
  for (size_t given = 0; given < count && status == VP8_STATUS_SUSPENDED;) {
    if (must_stop()) {
      status = VP8_STATUS_USER_ABORT;
      break;
    }
    given = count - given > 16384 ? given + 16384 : count;
    status = WebPIUpdate(decoder, bytes, given);
  }
  int rows = 0;
  const int has_rows = WebPIDecGetRGB(decoder, &rows, NULL, NULL, NULL) != NULL && rows > 0;
  WebPIDelete(decoder);
  return status == VP8_STATUS_OK ? 1 : has_rows && status != VP8_STATUS_USER_ABORT ? 2 : 0;
}

/// Opens an animation, whose bytes must stay where they are; NULL when it is broken.
static inline WebPAnimDecoder *pb_webp_open(const uint8_t *bytes, size_t count, WebPAnimInfo *info) {
  WebPAnimDecoderOptions options;
  if (!WebPAnimDecoderOptionsInit(&options)) return NULL;
  options.color_mode = MODE_RGBA;
  options.use_threads = 0;
  WebPData data = {bytes, count};
  WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, &options);
  if (decoder && !WebPAnimDecoderGetInfo(decoder, info)) {
    WebPAnimDecoderDelete(decoder);
    return NULL;
  }
  return decoder;
}
