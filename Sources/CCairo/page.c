#include "CCairo.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What is used of cairo, whose binary interface has not changed since 1.0. It is opened when the first page is drawn: linking it
// would load two dozen libraries before every line of code that draws nothing.
typedef struct cairo cairo_t;
typedef struct surface surface_t;
typedef struct pattern pattern_t;
typedef struct font font_t;
typedef struct {
  unsigned long index;
  double x, y;
} glyph_t;
typedef struct {
  double x_bearing, y_bearing, width, height, x_advance, y_advance;
} extents_t;
typedef int (*write_t)(void *closure, const unsigned char *data, unsigned int length);

#define FUNCTIONS(F)                                                          \
  F(surface_t *, image_surface_create, (int, int, int))                       \
  F(surface_t *, image_surface_create_for_data, (unsigned char *, int, int, int, int)) \
  F(unsigned char *, image_surface_get_data, (surface_t *))                   \
  F(int, image_surface_get_stride, (surface_t *))                             \
  F(surface_t *, pdf_surface_create_for_stream, (write_t, void *, double, double)) \
  F(void, surface_flush, (surface_t *))                                       \
  F(void, surface_finish, (surface_t *))                                      \
  F(void, surface_destroy, (surface_t *))                                     \
  F(int, surface_status, (surface_t *))                                       \
  F(cairo_t *, create, (surface_t *))                                         \
  F(void, destroy, (cairo_t *))                                               \
  F(int, status, (cairo_t *))                                                 \
  F(void, scale, (cairo_t *, double, double))                                 \
  F(void, translate, (cairo_t *, double, double))                             \
  F(void, rotate, (cairo_t *, double))                                        \
  F(void, save, (cairo_t *))                                                  \
  F(void, restore, (cairo_t *))                                               \
  F(void, new_path, (cairo_t *))                                              \
  F(void, new_sub_path, (cairo_t *))                                          \
  F(void, move_to, (cairo_t *, double, double))                               \
  F(void, line_to, (cairo_t *, double, double))                               \
  F(void, close_path, (cairo_t *))                                            \
  F(void, arc, (cairo_t *, double, double, double, double, double))           \
  F(void, rectangle, (cairo_t *, double, double, double, double))             \
  F(void, clip, (cairo_t *))                                                  \
  F(void, fill, (cairo_t *))                                                  \
  F(void, fill_preserve, (cairo_t *))                                         \
  F(void, stroke, (cairo_t *))                                                \
  F(void, set_source_rgba, (cairo_t *, double, double, double, double))       \
  F(void, set_source_surface, (cairo_t *, surface_t *, double, double))       \
  F(pattern_t *, get_source, (cairo_t *))                                     \
  F(void, pattern_set_filter, (pattern_t *, int))                             \
  F(void, set_line_width, (cairo_t *, double))                                \
  F(void, set_line_join, (cairo_t *, int))                                    \
  F(void, set_dash, (cairo_t *, const double *, int, double))                 \
  F(void, select_font_face, (cairo_t *, const char *, int, int))              \
  F(void, set_font_size, (cairo_t *, double))                                 \
  F(void, text_extents, (cairo_t *, const char *, extents_t *))               \
  F(void, show_text, (cairo_t *, const char *))                               \
  F(font_t *, get_scaled_font, (cairo_t *))                                   \
  F(int, scaled_font_text_to_glyphs,                                          \
    (font_t *, double, double, const char *, int, glyph_t **, int *, void *, void *, void *)) \
  F(void, glyph_free, (glyph_t *))

enum { ARGB32 = 0, RGB24 = 1, NEAREST = 3, ROUND = 1, NO_MEMORY = 1 };

static const double PI = 3.14159265358979323846;

#define DECLARE(type, name, arguments) static type(*name) arguments;
FUNCTIONS(DECLARE)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char problem[256];

static void load(void) {
  void *library = dlopen("libcairo.so.2", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(problem, sizeof problem, "%s", dlerror());
    return;
  }
  void *address;
#define FIND(type, name, arguments)                                      \
  address = dlsym(library, "cairo_" #name);                              \
  if (!address) {                                                        \
    snprintf(problem, sizeof problem, "libcairo.so.2 has no cairo_%s", #name); \
    return;                                                              \
  }                                                                      \
  memcpy(&name, &address, sizeof address);
  FUNCTIONS(FIND)
}

int pb_cairo_open(char *message) {
  pthread_once(&once, load);
  snprintf(message, 256, "%s", problem);
  return problem[0] == 0;
}

struct pb_page {
  cairo_t *cairo;
  surface_t *surface;
  int width, height;
  uint8_t *bytes;
  size_t count, capacity;
};

static int collect(void *closure, const unsigned char *data, unsigned int length) {
  struct pb_page *page = closure;
  if (page->capacity - page->count < length) {
    size_t capacity = 2 * (page->capacity + length);
    uint8_t *bytes = realloc(page->bytes, capacity);
    if (!bytes) return NO_MEMORY;
    page->bytes = bytes;
    page->capacity = capacity;
  }
  memcpy(page->bytes + page->count, data, length);
  page->count += length;
  return 0;
}

static struct pb_page *begin(struct pb_page *page) {
  if (page->surface && surface_status(page->surface) == 0) {
    page->cairo = create(page->surface);
    if (status(page->cairo) == 0) {
      set_line_join(page->cairo, ROUND);
      return page;
    }
  }
  pb_page_free(page);
  return NULL;
}

struct pb_page *pb_page_pixels(int width, int height, double factor) {
  struct pb_page *page = calloc(1, sizeof *page);
  if (!page) return NULL;
  page->width = width;
  page->height = height;
  page->surface = image_surface_create(RGB24, width, height);
  page = begin(page);
  if (page) scale(page->cairo, factor, factor);
  return page;
}

struct pb_page *pb_page_pdf(double width, double height) {
  struct pb_page *page = calloc(1, sizeof *page);
  if (!page) return NULL;
  page->surface = pdf_surface_create_for_stream(collect, page, width, height);
  return begin(page);
}

void pb_page_free(struct pb_page *page) {
  if (page->cairo) destroy(page->cairo);
  if (page->surface) surface_destroy(page->surface);
  free(page->bytes);
  free(page);
}

void pb_page_path(struct pb_page *page, const double *points, size_t count, int is_closed) {
  new_path(page->cairo);
  for (size_t place = 0; place < count; place++) {
    (place ? line_to : move_to)(page->cairo, points[2 * place], points[2 * place + 1]);
  }
  if (is_closed) close_path(page->cairo);
}

void pb_page_discs(struct pb_page *page, const double *points, size_t count, double radius) {
  new_path(page->cairo);
  for (size_t place = 0; place < count; place++) {
    new_sub_path(page->cairo);
    arc(page->cairo, points[2 * place], points[2 * place + 1], radius, 0, 2 * PI);
  }
}

static void ink(struct pb_page *page, const double *rgba) {
  set_source_rgba(page->cairo, rgba[0], rgba[1], rgba[2], rgba[3]);
}

void pb_page_fill(struct pb_page *page, const double *rgba, int keep) {
  ink(page, rgba);
  (keep ? fill_preserve : fill)(page->cairo);
}

void pb_page_stroke(struct pb_page *page, const double *rgba, double width, const double *dashes, int count) {
  ink(page, rgba);
  set_line_width(page->cairo, width);
  set_dash(page->cairo, dashes, count, 0);
  stroke(page->cairo);
}

void pb_page_text(struct pb_page *page, const char *text, double x, double y, double size, int anchor, int is_bold,
                  int is_upright, const double *rgba) {
  cairo_t *cairo = page->cairo;
  save(cairo);
  select_font_face(cairo, "DejaVu Sans", 0, is_bold);
  set_font_size(cairo, size);
  extents_t extents = {0};
  if (anchor) text_extents(cairo, text, &extents);
  translate(cairo, x, y);
  if (is_upright) rotate(cairo, -PI / 2);
  ink(page, rgba);
  move_to(cairo, -extents.x_advance * anchor / 2, 0);
  show_text(cairo, text);
  restore(cairo);
}

int pb_page_lacks(struct pb_page *page, const char *letter) {
  select_font_face(page->cairo, "DejaVu Sans", 0, 0);
  glyph_t *glyphs = NULL;
  int count = 0;
  if (scaled_font_text_to_glyphs(get_scaled_font(page->cairo), 0, 0, letter, -1, &glyphs, &count, NULL, NULL, NULL)) {
    return 0;
  }
  int lacks = 0;
  for (int place = 0; place < count; place++) lacks = lacks || glyphs[place].index == 0;
  if (glyphs) glyph_free(glyphs);
  return lacks;
}

void pb_page_picture(struct pb_page *page, const uint32_t *pixels, int width, int height, const double *frame) {
  cairo_t *cairo = page->cairo;
  // The format without gaps between rows: 4 bytes a pixel are a multiple of cairo's 4.
  surface_t *picture =
    image_surface_create_for_data((unsigned char *)(uintptr_t)pixels, ARGB32, width, height, 4 * width);
  save(cairo);
  translate(cairo, frame[0], frame[1]);
  scale(cairo, frame[2] / width, frame[3] / height);
  set_source_surface(cairo, picture, 0, 0);
  pattern_set_filter(get_source(cairo), NEAREST);
  rectangle(cairo, 0, 0, width, height);
  fill(cairo);
  restore(cairo);
  // A PDF takes the pixels only when the page ends, so cairo copies them now.
  surface_finish(picture);
  surface_destroy(picture);
}

void pb_page_clip(struct pb_page *page, const double *frame) {
  save(page->cairo);
  rectangle(page->cairo, frame[0], frame[1], frame[2], frame[3]);
  clip(page->cairo);
}

void pb_page_unclip(struct pb_page *page) { restore(page->cairo); }

const uint8_t *pb_page_finish(struct pb_page *page, size_t *count) {
  int is_file = page->width == 0;
  int failed = status(page->cairo);
  destroy(page->cairo);
  page->cairo = NULL;
  if (is_file) {
    surface_finish(page->surface);
    *count = page->count;
    return failed || surface_status(page->surface) ? NULL : page->bytes;
  }
  surface_flush(page->surface);
  *count = (size_t)page->width * page->height * 4;
  return failed || image_surface_get_stride(page->surface) != 4 * page->width
           ? NULL
           : image_surface_get_data(page->surface);
}
