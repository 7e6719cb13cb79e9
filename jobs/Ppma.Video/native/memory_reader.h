#ifndef PPMA_MEMORY_READER_H
#define PPMA_MEMORY_READER_H

#include <libavformat/avio.h>
#include <stdbool.h>

// A read-only file in memory for FFmpeg's demuxers.
typedef struct memory_reader {
    const uint8_t *data;
    int64_t size;
    int64_t position;
    bool went_past_end; // something in the file pointed behind its end
} memory_reader;

AVIOContext *memory_reader_open(memory_reader *reader);
void memory_reader_close(AVIOContext **io);

// Whether a container that states its own length (RIFF, Matroska) states more than there is.
bool memory_reader_is_cut(const memory_reader *reader);

// Whether a box of an MP4 file ends behind the file. Bytes that are no box may follow a sound file's last one,
// so this only tells why a file cannot be read.
bool memory_reader_has_cut_box(const memory_reader *reader);

#endif
