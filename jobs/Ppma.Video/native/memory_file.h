#ifndef PPMA_MEMORY_FILE_H
#define PPMA_MEMORY_FILE_H

#include <libavformat/avio.h>

// A growing file in memory for FFmpeg's muxers.
typedef struct memory_file {
    uint8_t *data;
    int64_t size, capacity, position;
} memory_file;

// The same file opened for reading while it is written; growing may move its bytes.
typedef struct memory_file_again {
    const memory_file *file;
    int64_t position;
} memory_file_again;

AVIOContext *memory_file_open(memory_file *file);
AVIOContext *memory_file_open_again(memory_file_again *again);
void memory_file_close(AVIOContext **io);

#endif
