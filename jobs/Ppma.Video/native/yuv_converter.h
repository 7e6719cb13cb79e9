#ifndef PPMA_YUV_CONVERTER_H
#define PPMA_YUV_CONVERTER_H

#include "error.h"

#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>
#include <stdbool.h>

// How a picture's numbers mean colours.
typedef struct picture_colours {
    enum AVColorSpace matrix;
    bool matrix_is_tagged; // false: assumed from the picture's size
    bool is_full_range;
} picture_colours;

// Turns decoded pictures into yuv420p of one size, BT.601 with limited range, whatever they were.
typedef struct yuv_converter {
    struct SwsContext *scaler;
    int source_width, source_height, source_format;
    bool source_is_full_range;
    int32_t *luma_shift; // what a change of matrix adds to the luma, 16 bits of fraction, at the chroma's resolution
} yuv_converter;

// `container` has the tags to go by where the picture has none; may be NULL.
picture_colours yuv_converter_colours(const AVFrame *picture, const AVCodecParameters *container);

// The left and upper source_width x source_height pixels of the picture are scaled to the target's size.
int yuv_converter_run(yuv_converter *converter, const AVFrame *picture, picture_colours colours, int source_width, int source_height,
                      AVFrame *target, ppma_error *error);
void yuv_converter_free(yuv_converter *converter);

#endif
