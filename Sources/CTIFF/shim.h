#include <stdint.h>
#include <string.h>
#include <tiffio.h>

/// A file in memory and how far it is read.
struct pb_tiff_file {
  const uint8_t *bytes;
  size_t count, place;
};

/// What the first picture of a file says of itself.
struct pb_tiff_header {
  uint32_t width, height;
  /// The size of the pieces in which its samples stand: tiles, else strips as wide as the picture.
  uint32_t piece_width, piece_height;
  /// How many pieces there are of each plane, and the bytes of one.
  uint32_t pieces, planes;
  int64_t piece_size;
  uint16_t bits, samples, format, photometric, compression, orientation, alpha, inks;
  uint8_t is_tiled;
};

static inline tmsize_t pb_tiff_take(thandle_t handle, void *target, tmsize_t count) {
  struct pb_tiff_file *file = (struct pb_tiff_file *)handle;
  const size_t rest = file->place < file->count ? file->count - file->place : 0;
  const size_t taken = count < 0 ? 0 : (size_t)count < rest ? (size_t)count : rest;
  memcpy(target, file->bytes + file->place, taken);
  file->place += taken;
  return (tmsize_t)taken;
}

static inline tmsize_t pb_tiff_refuse(thandle_t handle, void *source, tmsize_t count) {
  (void)handle, (void)source, (void)count;
  return 0;
}

static inline toff_t pb_tiff_seek(thandle_t handle, toff_t offset, int origin) {
  struct pb_tiff_file *file = (struct pb_tiff_file *)handle;
  file->place = (size_t)(origin == 0 ? offset : (origin == 1 ? file->place : file->count) + offset);
  return file->place;
}

static inline int pb_tiff_close(thandle_t handle) {
  (void)handle;
  return 0;
}

static inline toff_t pb_tiff_count(thandle_t handle) { return ((struct pb_tiff_file *)handle)->count; }

/// Keeps the library from writing to the standard error.
static inline void pb_tiff_silence(void) {
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
}

/// Opens a file, which must stay where it is; NULL when its first picture cannot be described.
static inline TIFF *pb_tiff_open(struct pb_tiff_file *file, struct pb_tiff_header *header) {
  TIFF *tiff = TIFFClientOpen("", "rm", file, pb_tiff_take, pb_tiff_refuse, pb_tiff_seek, pb_tiff_close, pb_tiff_count, NULL, NULL);
  if (!tiff) return NULL;
  uint16_t planar = PLANARCONFIG_CONTIG, extra = 0, *kinds = NULL;
  uint32_t rows = 0;
  memset(header, 0, sizeof *header);
  const int is_described = TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &header->width) && TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &header->height) &&
      TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &header->photometric);
  if (!is_described) {
    TIFFClose(tiff);
    return NULL;
  }
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &header->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &header->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &header->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &header->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &header->orientation);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &planar);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_INKSET, &header->inks);
  if (TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra, &kinds) && extra > 0) header->alpha = kinds[0];
  // The library makes red, green and blue of what JPEG keeps as light and color.
  if (header->compression == COMPRESSION_JPEG && header->photometric == PHOTOMETRIC_YCBCR && planar == PLANARCONFIG_CONTIG &&
      TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB))
    header->photometric = PHOTOMETRIC_RGB;
  header->is_tiled = TIFFIsTiled(tiff) != 0;
  header->planes = planar == PLANARCONFIG_SEPARATE ? header->samples : 1;
  if (header->is_tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &header->piece_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &header->piece_height);
    header->pieces = TIFFNumberOfTiles(tiff);
    header->piece_size = TIFFTileSize(tiff);
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
    header->piece_width = header->width;
    header->piece_height = rows < header->height ? rows : header->height;
    header->pieces = TIFFNumberOfStrips(tiff);
    header->piece_size = TIFFStripSize(tiff);
  }
  if (header->planes > 0) header->pieces /= header->planes;
  return tiff;
}

/// Copies red, green and blue of `count` colors, one behind the other; 0 when there are none.
static inline int pb_tiff_colors(TIFF *tiff, uint16_t *colors, size_t count) {
  uint16_t *parts[3];
  if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &parts[0], &parts[1], &parts[2])) return 0;
  for (int part = 0; part < 3; part++) memcpy(colors + part * count, parts[part], count * sizeof *colors);
  return 1;
}

/// Reads the samples of a piece; how many bytes there are, below 0 when it is broken.
static inline int64_t pb_tiff_read(TIFF *tiff, int is_tiled, uint32_t piece, uint8_t *target, int64_t size) {
  return is_tiled ? TIFFReadEncodedTile(tiff, piece, target, (tmsize_t)size) : TIFFReadEncodedStrip(tiff, piece, target, (tmsize_t)size);
}

/// Draws a picture whose samples are light and color: opaque, from the top left on, as the samples stand; 0 when it cannot.
static inline int pb_tiff_draw(TIFF *tiff, uint32_t width, uint32_t height, uint16_t orientation, uint32_t *rgba) {
  // Asked for as it stands, so that nothing is mirrored.
  return TIFFReadRGBAImageOriented(tiff, width, height, rgba, orientation, 1);
}
