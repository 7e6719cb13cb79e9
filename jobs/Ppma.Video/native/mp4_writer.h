#ifndef PPMA_MP4_WRITER_H
#define PPMA_MP4_WRITER_H

#include "error.h"
#include "memory_file.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

typedef struct mp4_settings {
    int width, height; // even
    AVRational time_base; // of the pictures' times; the file represents every one of them exactly
    AVRational frame_rate; // for rate control only
    int key_frame_interval; // frames; a picture of type I is a key frame besides
    int quality; // x264's constant rate factor
    const char *preset, *tune; // x264's; tune may be NULL
    enum AVColorSpace matrix;
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVColorRange range;
} mp4_settings;

// Writes H.264 in MP4 to memory: no B-frames, no edit list, index in front, one thread, equal bytes for equal pictures.
typedef struct mp4_writer {
    AVCodecContext *codec;
    AVFormatContext *format;
    AVStream *stream;
    AVPacket *packet;
    memory_file file;
    memory_file_again moved; // the file once more, while the muxer moves its index to the front
    int64_t packet_duration; // in the pictures' time base; only the last packet's counts, the others end where the next begins
    int64_t last_time;
} mp4_writer;

int mp4_writer_open(mp4_writer *writer, const mp4_settings *settings, ppma_error *error);

// Encodes a yuv420p picture whose pts is later than the one before.
int mp4_writer_write(mp4_writer *writer, const AVFrame *picture, ppma_error *error);

// Ends the file and gives its bytes away; the writer must still be closed.
int mp4_writer_finish(mp4_writer *writer, uint8_t **data, int64_t *size, ppma_error *error);
void mp4_writer_close(mp4_writer *writer);

#endif
