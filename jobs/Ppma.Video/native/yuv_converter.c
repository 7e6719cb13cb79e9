#include "yuv_converter.h"

#include <libavutil/mem.h>
#include <libavutil/pixdesc.h>
#include <math.h>

enum { FRACTION_BITS = 16 };

// Luma is red * R + green * G + blue * B, with red + green + blue = 1.
typedef struct luma_weights {
    double red, blue;
} luma_weights;

static const luma_weights bt601 = {0.299, 0.114};

static bool find_weights(enum AVColorSpace matrix, luma_weights *weights)
{
    switch (matrix) {
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
        *weights = bt601;
        return true;
    case AVCOL_SPC_BT709:
        *weights = (luma_weights){0.2126, 0.0722};
        return true;
    case AVCOL_SPC_BT2020_NCL:
        *weights = (luma_weights){0.2627, 0.0593};
        return true;
    case AVCOL_SPC_SMPTE240M:
        *weights = (luma_weights){0.212, 0.087};
        return true;
    case AVCOL_SPC_FCC:
        *weights = (luma_weights){0.30, 0.11};
        return true;
    default:
        return false;
    }
}

static bool is_rgb(const AVPixFmtDescriptor *format)
{
    return format->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL);
}

static bool is_full_range(const AVFrame *picture, const AVPixFmtDescriptor *format, const AVCodecParameters *container)
{
    switch (picture->format) {
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ444P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ411P:
        return true;
    default:
        break;
    }
    enum AVColorRange range = picture->color_range;
    if (range == AVCOL_RANGE_UNSPECIFIED && container)
        range = container->color_range;
    if (range == AVCOL_RANGE_UNSPECIFIED)
        return is_rgb(format) || format->nb_components < 3;
    return range == AVCOL_RANGE_JPEG;
}

picture_colours yuv_converter_colours(const AVFrame *picture, const AVCodecParameters *container)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(picture->format);
    if (!format)
        return (picture_colours){.matrix = AVCOL_SPC_UNSPECIFIED};
    picture_colours colours = {.matrix = picture->colorspace, .matrix_is_tagged = true};
    colours.is_full_range = is_full_range(picture, format, container);
    if (is_rgb(format))
        colours.matrix = AVCOL_SPC_RGB;
    else if (colours.matrix == AVCOL_SPC_UNSPECIFIED && container)
        colours.matrix = container->color_space;
    // A mark that pictures are RGB is wrong on others. Players take untagged pictures of more than standard definition for BT.709.
    if (colours.matrix == AVCOL_SPC_UNSPECIFIED || colours.matrix == AVCOL_SPC_RESERVED ||
        (colours.matrix == AVCOL_SPC_RGB && !is_rgb(format))) {
        colours.matrix_is_tagged = false;
        colours.matrix = picture->width >= 1280 || picture->height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    }
    return colours;
}

static bool fits(const yuv_converter *converter, const AVFrame *picture, bool source_is_full_range, int source_width, int source_height)
{
    return converter->scaler && converter->source_width == source_width && converter->source_height == source_height &&
           converter->source_format == picture->format && converter->source_is_full_range == source_is_full_range;
}

static int prepare(yuv_converter *converter, const AVFrame *picture, bool source_is_full_range, int source_width, int source_height,
                   const AVFrame *target, ppma_error *error)
{
    if (fits(converter, picture, source_is_full_range, source_width, source_height))
        return PPMA_OK;
    yuv_converter_free(converter);
    const char *format = av_get_pix_fmt_name(picture->format);
    // With these flags the result does not depend on the processor.
    converter->scaler = sws_getContext(source_width, source_height, picture->format, target->width, target->height, AV_PIX_FMT_YUV420P,
                                       SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT, NULL, NULL, NULL);
    if (!converter->scaler)
        return ppma_fail(error, PPMA_UNSUPPORTED, "no conversion from pixel format %s to yuv420p", format ? format : "(none)");
    // One matrix on both sides: between two, swscale would go through RGB of 8 bits and clip.
    const int *coefficients = sws_getCoefficients(SWS_CS_ITU601);
    sws_setColorspaceDetails(converter->scaler, coefficients, source_is_full_range, coefficients, 0, 0, 1 << 16, 1 << 16);
    converter->luma_shift = av_malloc_array((size_t)target->width / 2, (size_t)target->height / 2 * sizeof *converter->luma_shift);
    if (!converter->luma_shift) {
        yuv_converter_free(converter);
        return ppma_fail_av(error, AVERROR(ENOMEM), "allocating a picture");
    }
    converter->source_width = source_width;
    converter->source_height = source_height;
    converter->source_format = picture->format;
    converter->source_is_full_range = source_is_full_range;
    return PPMA_OK;
}

static int32_t to_fixed(double value)
{
    return (int32_t)lrint(value * (1 << FRACTION_BITS));
}

static uint8_t to_byte(int32_t fixed)
{
    return (uint8_t)av_clip_uint8((fixed + (1 << (FRACTION_BITS - 1))) >> FRACTION_BITS);
}

// New chroma is a sum of old chroma alone, and new luma is old luma and a sum of old chroma (grey stays grey under every matrix).
// Both follow from writing R, G and B of the old matrix into the equations of the new one.
static void change_chroma(const luma_weights *source, AVFrame *picture, int32_t *luma_shift)
{
    double green = 1 - source->red - source->blue, new_green = 1 - bt601.red - bt601.blue;
    double red_of_cr = 2 * (1 - source->red), blue_of_cb = 2 * (1 - source->blue);
    double luma_of_cb = blue_of_cb * (bt601.blue - new_green * source->blue / green);
    double luma_of_cr = red_of_cr * (bt601.red - new_green * source->red / green);
    double per_cb = 1 / (2 * (1 - bt601.blue)), per_cr = 1 / (2 * (1 - bt601.red));
    int32_t cb_of_cb = to_fixed((blue_of_cb - luma_of_cb) * per_cb), cb_of_cr = to_fixed(-luma_of_cr * per_cb);
    int32_t cr_of_cr = to_fixed((red_of_cr - luma_of_cr) * per_cr), cr_of_cb = to_fixed(-luma_of_cb * per_cr);
    // Luma has 219 steps where chroma has 224.
    int32_t shift_of_cb = to_fixed(luma_of_cb * 219 / 224), shift_of_cr = to_fixed(luma_of_cr * 219 / 224);

    int width = picture->width / 2, height = picture->height / 2;
    for (int y = 0; y < height; y++) {
        uint8_t *cb_row = picture->data[1] + (ptrdiff_t)y * picture->linesize[1];
        uint8_t *cr_row = picture->data[2] + (ptrdiff_t)y * picture->linesize[2];
        for (int x = 0; x < width; x++) {
            int32_t cb = cb_row[x] - 128, cr = cr_row[x] - 128;
            luma_shift[y * width + x] = shift_of_cb * cb + shift_of_cr * cr;
            cb_row[x] = to_byte((128 << FRACTION_BITS) + cb_of_cb * cb + cb_of_cr * cr);
            cr_row[x] = to_byte((128 << FRACTION_BITS) + cr_of_cb * cb + cr_of_cr * cr);
        }
    }
}

// The shift is interpolated between the four nearest chroma samples, weighted 9:3:3:1.
static void change_luma(AVFrame *picture, const int32_t *luma_shift)
{
    int width = picture->width / 2, height = picture->height / 2;
    for (int y = 0; y < picture->height; y++) {
        const int32_t *near = luma_shift + y / 2 * width;
        const int32_t *far = luma_shift + av_clip(y % 2 ? y / 2 + 1 : y / 2 - 1, 0, height - 1) * width;
        uint8_t *row = picture->data[0] + (ptrdiff_t)y * picture->linesize[0];
        for (int x = 0; x < picture->width; x++) {
            int beside = av_clip(x % 2 ? x / 2 + 1 : x / 2 - 1, 0, width - 1);
            int64_t sum = 9 * (int64_t)near[x / 2] + 3 * (int64_t)near[beside] + 3 * (int64_t)far[x / 2] + far[beside];
            row[x] = to_byte((row[x] << FRACTION_BITS) + (int32_t)(sum / 16));
        }
    }
}

int yuv_converter_run(yuv_converter *converter, const AVFrame *picture, picture_colours colours, int source_width, int source_height,
                      AVFrame *target, ppma_error *error)
{
    luma_weights weights = bt601;
    if (colours.matrix != AVCOL_SPC_RGB && !find_weights(colours.matrix, &weights)) {
        const char *name = av_color_space_name(colours.matrix);
        return ppma_fail(error, PPMA_UNSUPPORTED, "no conversion from colours of matrix %s (%d) to BT.601", name ? name : "unknown",
                         colours.matrix);
    }
    int reason = prepare(converter, picture, colours.is_full_range, source_width, source_height, target, error);
    if (reason != PPMA_OK)
        return reason;
    int code = sws_scale(converter->scaler, (const uint8_t *const *)picture->data, picture->linesize, 0, source_height, target->data,
                         target->linesize);
    if (code < 0)
        return ppma_fail_av(error, code, "converting a picture to yuv420p");
    if (weights.red != bt601.red || weights.blue != bt601.blue) {
        change_chroma(&weights, target, converter->luma_shift);
        change_luma(target, converter->luma_shift);
    }
    return PPMA_OK;
}

void yuv_converter_free(yuv_converter *converter)
{
    sws_freeContext(converter->scaler);
    converter->scaler = NULL;
    av_freep(&converter->luma_shift);
}
