#ifndef PPMA_MEMORY_FILE_H
#define PPMA_MEMORY_FILE_H

#include <libavformat/avio.h>

// A growing file in memory for FFmpeg's muxers.
typedef struct memory_file {
    uint8_t *data;
    int64_t size, capacity, position;
} memory_file;

AVIOContext *memory_file_open(memory_file *file);
void memory_file_close(AVIOContext **io);

#endif
