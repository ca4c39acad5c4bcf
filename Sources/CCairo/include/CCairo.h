#ifndef PIXELBYTES_CAIRO_H
#define PIXELBYTES_CAIRO_H

#include <stddef.h>
#include <stdint.h>

/// Opens libcairo, once; 0 when it is not there, with a reason of at most 255 letters in `message`.
int pb_cairo_open(char *message);

/// A page that is drawn on. Lengths are points; 0, 0 is the upper left corner.
struct pb_page;

/// A page of so many pixels, `scale` of them a point; NULL without memory.
struct pb_page *pb_page_pixels(int width, int height, double scale);
/// A page of a PDF file, with sizes in points; NULL without memory.
struct pb_page *pb_page_pdf(double width, double height);
/// Frees a page.
void pb_page_free(struct pb_page *page);

/// Begins a path of `count` points, each x and y.
void pb_page_path(struct pb_page *page, const double *points, size_t count, int is_closed);
/// Begins a path of discs at so many points.
void pb_page_discs(struct pb_page *page, const double *points, size_t count, double radius);
/// Fills the path, which stays when `keep`.
void pb_page_fill(struct pb_page *page, const double *rgba, int keep);
/// Draws along the path, and ends it. Of `dashes` there are `count`, 0 for a whole line.
void pb_page_stroke(struct pb_page *page, const double *rgba, double width, const double *dashes, int count);
/// Writes a text whose baseline is at a place: `anchor` 0 starts, 1 is centered, 2 ends there; upright texts are read from below.
void pb_page_text(struct pb_page *page, const char *text, double x, double y, double size, int anchor, int is_bold,
                  int is_upright, const double *rgba);
/// Whether the font of texts has no sign for a letter, which is drawn as a box then.
int pb_page_lacks(struct pb_page *page, const char *letter);
/// Draws a picture of premultiplied 32-bit ARGB pixels into a rectangle, its pixels sharp.
void pb_page_picture(struct pb_page *page, const uint32_t *pixels, int width, int height, const double *frame);
/// Draws what follows only inside a rectangle, until `pb_page_unclip`.
void pb_page_clip(struct pb_page *page, const double *frame);
/// Ends the last `pb_page_clip`.
void pb_page_unclip(struct pb_page *page);

/// Ends the drawing: the bytes of the file, or 32-bit RGB pixels row by row; NULL when something failed. They live as long as the page.
const uint8_t *pb_page_finish(struct pb_page *page, size_t *count);

#endif
