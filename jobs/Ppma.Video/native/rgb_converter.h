#ifndef PPMA_RGB_CONVERTER_H
#define PPMA_RGB_CONVERTER_H

#include "error.h"

#include <libavutil/frame.h>
#include <libswscale/swscale.h>

// Turns decoded pictures into packed RGB24 of one size: BT.601, limited range, whatever the file's tags say.
typedef struct rgb_converter {
    struct SwsContext *scaler;
    int source_width, source_height, source_format, width, height;
    AVFrame *padded; // swscale writes whole vectors: rows that do not end on one go through here
} rgb_converter;

int rgb_converter_run(rgb_converter *converter, const AVFrame *picture, int width, int height, uint8_t *rgb, ppma_error *error);
void rgb_converter_free(rgb_converter *converter);

#endif
