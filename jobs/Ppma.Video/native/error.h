#ifndef PPMA_ERROR_H
#define PPMA_ERROR_H

#include "ppma_video.h"

// Writes the message and returns the reason, so that callers can `return ppma_fail(...)`.
int ppma_fail(ppma_error *error, ppma_reason reason, const char *format, ...) __attribute__((format(printf, 3, 4)));

// The same for an FFmpeg error code; `doing` completes "while ...".
int ppma_fail_av(ppma_error *error, int code, const char *doing);

#endif
