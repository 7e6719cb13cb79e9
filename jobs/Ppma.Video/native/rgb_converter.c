#include "rgb_converter.h"

#include <libavutil/pixdesc.h>
#include <stdbool.h>
#include <string.h>

enum { VECTOR_PIXELS = 32, ROW_ALIGNMENT = 64 };

static bool fits(const rgb_converter *converter, const AVFrame *picture, int width, int height)
{
    return converter->scaler && converter->source_width == picture->width && converter->source_height == picture->height &&
           converter->source_format == picture->format && converter->width == width && converter->height == height;
}

static int prepare(rgb_converter *converter, const AVFrame *picture, int width, int height, ppma_error *error)
{
    if (fits(converter, picture, width, height))
        return PPMA_OK;
    rgb_converter_free(converter);
    const char *format = av_get_pix_fmt_name(picture->format);
    // No accuracy flags: they change the pixels.
    converter->scaler =
        sws_getContext(picture->width, picture->height, picture->format, width, height, AV_PIX_FMT_RGB24, SWS_BILINEAR, NULL, NULL, NULL);
    if (!converter->scaler)
        return ppma_fail(error, PPMA_UNSUPPORTED, "no conversion from pixel format %s to RGB", format ? format : "(none)");
    const int *coefficients = sws_getCoefficients(SWS_CS_ITU601);
    sws_setColorspaceDetails(converter->scaler, coefficients, 0, coefficients, 0, 0, 1 << 16, 1 << 16);

    converter->padded = av_frame_alloc();
    if (converter->padded) {
        converter->padded->format = AV_PIX_FMT_RGB24;
        converter->padded->width = width;
        converter->padded->height = height;
    }
    int code = converter->padded ? av_frame_get_buffer(converter->padded, ROW_ALIGNMENT) : AVERROR(ENOMEM);
    if (code < 0) {
        rgb_converter_free(converter);
        return ppma_fail_av(error, code, "allocating a picture");
    }
    converter->source_width = picture->width;
    converter->source_height = picture->height;
    converter->source_format = picture->format;
    converter->width = width;
    converter->height = height;
    return PPMA_OK;
}

int rgb_converter_run(rgb_converter *converter, const AVFrame *picture, int width, int height, uint8_t *rgb, ppma_error *error)
{
    int reason = prepare(converter, picture, width, height, error);
    if (reason != PPMA_OK)
        return reason;
    const uint8_t *const *source = (const uint8_t *const *)picture->data;
    size_t row_bytes = (size_t)width * 3;
    bool direct = width % VECTOR_PIXELS == 0 && (uintptr_t)rgb % 16 == 0;
    uint8_t *rows[4] = {direct ? rgb : converter->padded->data[0]};
    int strides[4] = {direct ? (int)row_bytes : converter->padded->linesize[0]};
    int code = sws_scale(converter->scaler, source, picture->linesize, 0, picture->height, rows, strides);
    if (code < 0)
        return ppma_fail_av(error, code, "converting a picture to RGB");
    for (int y = 0; !direct && y < height; y++)
        memcpy(rgb + (size_t)y * row_bytes, rows[0] + (size_t)y * (size_t)strides[0], row_bytes);
    return PPMA_OK;
}

void rgb_converter_free(rgb_converter *converter)
{
    sws_freeContext(converter->scaler);
    converter->scaler = NULL;
    av_frame_free(&converter->padded);
}
