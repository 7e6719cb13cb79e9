#ifndef PPMA_CLIP_INDEX_H
#define PPMA_CLIP_INDEX_H

#include "error.h"

#include <libavcodec/avcodec.h>
#include <stdbool.h>

typedef struct frame_entry {
    int64_t time; // presentation time in the stream's time base
    int32_t packet; // position of its packet in decoding order
    int32_t key; // position of the key packet from which it can be decoded
} frame_entry;

// What demuxing a whole file tells: its packets in decoding order and its frames in presentation order.
typedef struct clip_index {
    AVCodecParameters *codec;
    AVRational time_base;
    AVRational frame_rate;
    int64_t start;
    int32_t rotation; // degrees by which a player would turn the pictures clockwise, 0 to 359
    AVPacket **packets;
    int32_t packet_count;
    int32_t packet_capacity;
    frame_entry *frames;
    int32_t frame_count;
    bool has_times; // false: a time is missing or occurs twice, and only decoding tells the frames
} clip_index;

int clip_index_read(clip_index *index, const uint8_t *data, int64_t size, ppma_error *error);
void clip_index_free(clip_index *index);

double clip_index_seconds(const clip_index *index, int32_t frame);
double clip_index_duration(const clip_index *index);

// Position of the frame shown at this time, or -1.
int32_t clip_index_find(const clip_index *index, int64_t time);

#endif
