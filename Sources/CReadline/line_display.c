#define _GNU_SOURCE
#include "line_display.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

#include <readline/readline.h>

// What stands in a row of the screen; `is_full` when the terminal goes on to the next row by itself.
typedef struct { char *bytes; size_t count, room; int columns; bool is_full; } row;

static row *rows, *shown;
static int row_count, row_room, shown_count, shown_room;
// The row of the cursor below the first one, and the columns of the screen when it was drawn.
static int shown_cursor, shown_columns;
// Rows of a text that is taller than the screen that are not drawn.
static int first_shown;
static int cursor_row, cursor_column;
static unsigned char *styles;
static int style_count;
static char *output;
static size_t output_count, output_room;

static void grow(void **memory, size_t *room, size_t wanted, size_t size) {
  if (wanted <= *room) return;
  *room = wanted * 2;
  *memory = realloc(*memory, *room * size);
  if (*memory == NULL) abort();
}

static void put(const char *bytes, size_t count) {
  void *memory = output;
  grow(&memory, &output_room, output_count + count, 1);
  output = memory;
  memcpy(output + output_count, bytes, count);
  output_count += count;
}

static void put_text(const char *text) { put(text, strlen(text)); }

static void put_move(int count, char direction) {
  char text[32];
  if (count <= 0) return;
  snprintf(text, sizeof text, "\033[%d%c", count, direction);
  put_text(text);
}

static void flush_output(void) {
  fwrite(output, 1, output_count, rl_outstream);
  fflush(rl_outstream);
  output_count = 0;
}

static row *begin_row(void) {
  if (row_count == row_room) {
    row_room = row_room * 2 + 16;
    rows = realloc(rows, (size_t)row_room * sizeof *rows);
    if (rows == NULL) abort();
    memset(rows + row_count, 0, (size_t)(row_room - row_count) * sizeof *rows);
  }
  row *r = &rows[row_count++];
  r->count = 0;
  r->columns = 0;
  r->is_full = false;
  return r;
}

static void add(row *r, const char *bytes, size_t count) {
  void *memory = r->bytes;
  grow(&memory, &r->room, r->count + count, 1);
  r->bytes = memory;
  memcpy(r->bytes + r->count, bytes, count);
  r->count += count;
}

// A style is the number that selects a color of the terminal; 0 for none.
static void add_style(row *r, unsigned char style) {
  char sequence[16];
  if (style == 0) return;
  int count = snprintf(sequence, sizeof sequence, "\033[%um", style);
  add(r, sequence, (size_t)count);
}

// Ends a row; colors end with it, so that each can be drawn by itself.
static row *next_row(row *r, unsigned char style, bool is_full) {
  if (style != 0) add(r, "\033[0m", 4);
  r->is_full = is_full;
  r = begin_row();
  add_style(r, style);
  return r;
}

// Adds what some columns wide stands for a character.
static row *add_cell(row *r, const char *bytes, size_t count, int width, int columns, unsigned char style) {
  if (r->columns + width > columns && r->columns > 0) r = next_row(r, style, true);
  add(r, bytes, count);
  r->columns += width;
  return r;
}

// The prompt without the marks around what takes no columns, which are the bytes 1 and 2.
static row *add_prompt(row *r, const char *prompt, int columns) {
  bool is_hidden = false;
  mbstate_t state = {0};
  while (*prompt != '\0') {
    if (*prompt == '\001' || *prompt == '\002') {
      is_hidden = *prompt++ == '\001';
      continue;
    }
    wchar_t character;
    size_t size = mbrtowc(&character, prompt, strlen(prompt), &state);
    if (size == 0 || size > 8) {
      memset(&state, 0, sizeof state);
      size = 1;
      character = L'?';
    }
    int width = is_hidden ? 0 : wcwidth(character);
    r = add_cell(r, prompt, size, width < 0 ? 0 : width, columns, 0);
    prompt += size;
  }
  return r;
}

// Lays out the prompt and a text in rows, and notes where the cursor stands.
static void lay_out(const char *prompt, const char *text, int length, int point, int columns) {
  row_count = 0;
  row *r = add_prompt(begin_row(), prompt, columns);
  unsigned char style = 0;
  mbstate_t state = {0};
  cursor_row = cursor_column = -1;
  for (int i = 0; i < length;) {
    unsigned char wanted = i < style_count ? styles[i] : 0;
    wchar_t character;
    size_t size = mbrtowc(&character, text + i, (size_t)(length - i), &state);
    bool is_broken = size == 0 || size > 8;
    if (is_broken) {
      memset(&state, 0, sizeof state);
      size = 1;
    }
    int width = is_broken ? 1 : wcwidth(character);
    char shown_as[16];
    const char *bytes = text + i;
    size_t count = size;
    unsigned char byte = (unsigned char)text[i];
    if (byte == '\t') {
      width = 8 - r->columns % 8;
      memset(shown_as, ' ', 8);
      bytes = shown_as;
      count = (size_t)width;
    } else if (!is_broken && (byte < 32 || byte == 127)) {
      shown_as[0] = '^';
      shown_as[1] = (char)(byte ^ 64);
      bytes = shown_as;
      count = width = 2;
    } else if (is_broken || width < 0) {
      bytes = "?";
      count = width = 1;
    }
    // The cursor stands where the character will, be it in the next row.
    if (byte != '\n' && r->columns + width > columns && r->columns > 0) r = next_row(r, style, true);
    if (i >= point && cursor_row < 0) {
      cursor_row = row_count - 1;
      cursor_column = r->columns;
    }
    if (byte == '\n') {
      r = next_row(r, style, false);
    } else {
      if (wanted != style) {
        if (style != 0) add(r, "\033[0m", 4);
        add_style(r, wanted);
        style = wanted;
      }
      r = add_cell(r, bytes, count, width, columns, style);
    }
    i += (int)size;
  }
  if (r->columns >= columns) r = next_row(r, style, true);
  if (style != 0) add(r, "\033[0m", 4);
  if (cursor_row < 0) {
    cursor_row = row_count - 1;
    cursor_column = r->columns;
  }
}

static bool is_shown(int place) {
  if (place >= shown_count || place >= row_count) return false;
  const row *old = &shown[place], *new = &rows[place];
  return old->count == new->count && old->is_full == new->is_full && memcmp(old->bytes, new->bytes, new->count) == 0;
}

static void keep_rows(void) {
  row *old = shown;
  int count = row_count, room = shown_room;
  shown = rows;
  shown_count = count;
  shown_room = row_room;
  rows = old;
  row_room = room;
  row_count = 0;
}

void line_display_screen(int *lines, int *columns) {
  struct winsize size;
  // Readline counts a column less for whoever draws in its place.
  if (ioctl(fileno(rl_outstream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    *lines = size.ws_row;
    *columns = size.ws_col;
  } else {
    rl_get_screen_size(lines, columns);
  }
  if (*columns < 2) *columns = 80;
  if (*lines < 2) *lines = 24;
}

void line_display_draw(const char *text, int length, int point) {
  int lines, columns;
  line_display_screen(&lines, &columns);
  lay_out(rl_display_prompt != NULL ? rl_display_prompt : "", text, length, point, columns);
  // Of a text that is taller than the screen the rows around the cursor are drawn.
  int first = first_shown;
  if (cursor_row < first) first = cursor_row;
  if (cursor_row >= first + lines) first = cursor_row - lines + 1;
  if (row_count <= lines) first = 0;
  bool is_new = shown_columns != columns || first != first_shown || shown_count == 0;
  int last = row_count < first + lines ? row_count : first + lines;
  int start = first;
  if (!is_new) while (start < last - 1 && is_shown(start)) start++;
  if (start >= shown_count) start = shown_count > first ? shown_count - 1 : first;
  // What is in the row before goes on in this one without a line end, so it must be drawn too.
  while (start > first && rows[start - 1].is_full) start--;
  int above = shown_cursor - first_shown, target = start - first;
  put_text("\r");
  put_move(above - target, 'A');
  put_move(target - above, 'B');
  bool is_longer = is_new || shown_count > row_count;
  for (int i = start; i < last; i++) {
    put(rows[i].bytes, rows[i].count);
    if (i == last - 1) break;
    // A row of all columns leads to the next one as soon as something stands there.
    if (rows[i].columns < columns) put_text("\033[K\r\n");
    else if (!rows[i].is_full || rows[i + 1].columns == 0) put_text("\r\n");
  }
  put_text(is_longer ? "\033[J" : rows[last - 1].columns < columns ? "\033[K" : "");
  put_text("\r");
  put_move(last - 1 - cursor_row, 'A');
  put_move(cursor_column, 'C');
  first_shown = first;
  shown_cursor = cursor_row;
  shown_columns = columns;
  keep_rows();
  flush_output();
}

void line_display_style(const unsigned char *new_styles, int count) {
  free(styles);
  styles = malloc((size_t)count + 1);
  if (styles == NULL) abort();
  memcpy(styles, new_styles, (size_t)count);
  style_count = count;
}

void line_display_leave(void) {
  put_text("\r");
  put_move(shown_count - 1 - shown_cursor, 'B');
  put_text("\r\n");
  flush_output();
  line_display_forget();
}

void line_display_forget(void) {
  shown_count = shown_cursor = first_shown = 0;
  style_count = 0;
}
