#include "picture_writer.h"

#include <libavutil/common.h>
#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
#include <stdio.h>

enum { KEY_FRAMES_BY_TIME_ONLY = 1 << 30 }; // x264's infinite key frame interval

int picture_writer_set(picture_writer *writer, const ppma_transcode_settings *settings, ppma_error *error)
{
    if (settings->short_side < 2 || settings->short_side % 2)
        return ppma_fail(error, PPMA_INVALID_ARGUMENT, "the short side %d must be even and at least 2", settings->short_side);
    writer->settings = *settings;
    snprintf(writer->preset, sizeof writer->preset, "%s", settings->preset);
    writer->settings.preset = writer->preset;
    return PPMA_OK;
}

static int to_even(int64_t numerator, int64_t denominator)
{
    return (int)((numerator + denominator) / (2 * denominator) * 2);
}

static void choose_size(const AVFrame *picture, int short_side, int *width, int *height)
{
    int64_t source_short = FFMIN(picture->width, picture->height);
    if (source_short <= short_side) {
        *width = picture->width & ~1; // one column or row less distorts nothing
        *height = picture->height & ~1;
    } else if (picture->width <= picture->height) {
        *width = short_side;
        *height = to_even((int64_t)picture->height * short_side, source_short);
    } else {
        *width = to_even((int64_t)picture->width * short_side, source_short);
        *height = short_side;
    }
}

static int allocate(AVFrame **picture, int width, int height)
{
    *picture = av_frame_alloc();
    if (!*picture)
        return AVERROR(ENOMEM);
    (*picture)->format = AV_PIX_FMT_YUV420P;
    (*picture)->width = width;
    (*picture)->height = height;
    return av_frame_get_buffer(*picture, 0);
}

static int open(picture_writer *writer, const AVFrame *picture, int64_t time, ppma_error *error)
{
    int width, height;
    choose_size(picture, writer->settings.short_side, &width, &height);
    if (width < 2 || height < 2)
        return ppma_fail(error, PPMA_UNSUPPORTED, "pictures of %dx%d are too small for colour at half the size", picture->width,
                         picture->height);
    int code = allocate(&writer->held, width, height);
    if (code >= 0)
        code = allocate(&writer->next, width, height);
    if (code < 0)
        return ppma_fail_av(error, code, "allocating a picture");
    writer->source_width = picture->width;
    writer->source_height = picture->height;
    writer->source_format = picture->format;
    writer->source_colours = yuv_converter_colours(picture, writer->container);
    writer->first_time = time;
    mp4_settings video = {
        .width = width,
        .height = height,
        .time_base = writer->time_base,
        .frame_rate = writer->frame_rate,
        .key_frame_interval = KEY_FRAMES_BY_TIME_ONLY,
        .quality = writer->settings.quality,
        .preset = writer->settings.preset,
        .matrix = AVCOL_SPC_SMPTE170M,
        .primaries = picture->color_primaries,
        .transfer = picture->color_trc,
        .range = AVCOL_RANGE_MPEG,
    };
    return mp4_writer_open(&writer->mp4, &video, error);
}

// A key frame comes where waiting for the next picture would be more than a second after the last one.
static int write_held(picture_writer *writer, int64_t next_time, ppma_error *error)
{
    AVFrame *held = writer->held;
    bool is_key = held->pts == 0 || av_compare_ts(next_time - writer->last_key, writer->time_base, 1, (AVRational){1, 1}) > 0;
    held->pict_type = is_key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    if (is_key)
        writer->last_key = held->pts;
    return mp4_writer_write(&writer->mp4, held, error);
}

int picture_writer_add(picture_writer *writer, const AVFrame *picture, int64_t time, ppma_error *error)
{
    int reason = writer->count ? PPMA_OK : open(writer, picture, time, error);
    if (reason != PPMA_OK)
        return reason;
    if (picture->width != writer->source_width || picture->height != writer->source_height)
        return ppma_fail(error, PPMA_UNSUPPORTED, "the picture size changes from %dx%d to %dx%d", writer->source_width,
                         writer->source_height, picture->width, picture->height);
    AVFrame *next = writer->next;
    int code = av_frame_make_writable(next);
    if (code < 0)
        return ppma_fail_av(error, code, "allocating a picture");
    bool is_scaled = FFMIN(picture->width, picture->height) > writer->settings.short_side;
    int source_width = is_scaled ? picture->width : next->width, source_height = is_scaled ? picture->height : next->height;
    picture_colours colours = yuv_converter_colours(picture, writer->container);
    reason = yuv_converter_run(&writer->converter, picture, colours, source_width, source_height, next, error);
    if (reason != PPMA_OK)
        return reason;
    next->pts = av_sat_sub64(time, writer->first_time);
    if (writer->count)
        reason = write_held(writer, next->pts, error);
    writer->next = writer->held;
    writer->held = next;
    writer->count++;
    return reason;
}

static void tell_facts(const picture_writer *writer, int64_t last_duration, ppma_transcode_facts *facts)
{
    const char *format = av_get_pix_fmt_name(writer->source_format), *matrix = av_color_space_name(writer->source_colours.matrix);
    snprintf(facts->pixel_format, sizeof facts->pixel_format, "%s", format ? format : "");
    snprintf(facts->matrix, sizeof facts->matrix, "%s", matrix ? matrix : "");
    facts->matrix_is_tagged = writer->source_colours.matrix_is_tagged;
    facts->is_full_range = writer->source_colours.is_full_range;
    facts->source_width = writer->source_width;
    facts->source_height = writer->source_height;
    facts->width = writer->held->width;
    facts->height = writer->held->height;
    facts->frame_count = writer->count;
    facts->duration_seconds = (double)(writer->held->pts + last_duration) * writer->time_base.num / writer->time_base.den;
    facts->first_seconds = (double)writer->first_time * writer->time_base.num / writer->time_base.den;
}

int picture_writer_finish(picture_writer *writer, int64_t last_duration, uint8_t **data, int64_t *size, ppma_transcode_facts *facts,
                          ppma_error *error)
{
    writer->mp4.packet_duration = last_duration;
    int reason = write_held(writer, writer->held->pts, error);
    if (reason != PPMA_OK)
        return reason;
    tell_facts(writer, last_duration, facts);
    return mp4_writer_finish(&writer->mp4, data, size, error);
}

void picture_writer_close(picture_writer *writer)
{
    mp4_writer_close(&writer->mp4);
    yuv_converter_free(&writer->converter);
    av_frame_free(&writer->held);
    av_frame_free(&writer->next);
}
