#ifndef PIXELBYTES_FAULT_H
#define PIXELBYTES_FAULT_H

/// From now on a signal by which the system stops a program that has failed ends it with one paragraph on standard error
/// and status 128 + signal, or 71 when the system had no more memory for it, and gives the terminal back as it is now. Stack overflow is told on the calling thread only.
void fault_watch(const char *version);

/// What the paragraph says that the program was doing; copied, at most some hundred bytes of it.
void fault_doing(const char *text);

/// What the paragraph says of where the inputs are kept; copied too.
void fault_inputs(const char *text);

/// Until it is called with an empty text, such a signal means something else than a fault of the program: only the text
/// is written then, and the program ends with `status`.
void fault_means(const char *text, int status);

#endif
