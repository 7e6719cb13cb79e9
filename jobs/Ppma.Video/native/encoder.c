#include "mp4_writer.h"

#include <libavutil/mem.h>
#include <libswscale/swscale.h>

static int write_pictures(mp4_writer *writer, struct SwsContext *scaler, AVFrame *picture, const uint8_t *rgb, int32_t count,
                          ppma_error *error)
{
    int stride = picture->width * 3;
    int reason = PPMA_OK;
    for (int32_t i = 0; reason == PPMA_OK && i < count; i++) {
        const uint8_t *rows[4] = {rgb + (size_t)i * (size_t)stride * (size_t)picture->height};
        int strides[4] = {stride};
        int code = av_frame_make_writable(picture);
        if (code >= 0)
            code = sws_scale(scaler, rows, strides, 0, picture->height, picture->data, picture->linesize);
        picture->pts = i;
        reason = code < 0 ? ppma_fail_av(error, code, "converting a picture") : mp4_writer_write(writer, picture, error);
    }
    return reason;
}

int ppma_encode_h264(const ppma_encoder_settings *settings, const uint8_t *rgb, int32_t count, uint8_t **data, int64_t *size,
                     ppma_error *error)
{
    *data = NULL;
    *size = 0;
    int width = settings->width, height = settings->height;
    if (width <= 0 || height <= 0 || width % 2 || height % 2 || count <= 0)
        return ppma_fail(error, PPMA_INVALID_ARGUMENT, "%d frames of %dx%d: width and height must be even", count, width, height);
    AVRational frame_rate = {settings->frame_rate_numerator, settings->frame_rate_denominator};
    mp4_settings video = {
        .width = width,
        .height = height,
        .time_base = av_inv_q(frame_rate),
        .frame_rate = frame_rate,
        .key_frame_interval = settings->key_frame_interval,
        .quality = settings->quality,
        .preset = settings->preset,
        .tune = "zerolatency",
        .matrix = AVCOL_SPC_UNSPECIFIED,
        .primaries = AVCOL_PRI_UNSPECIFIED,
        .transfer = AVCOL_TRC_UNSPECIFIED,
    };
    mp4_writer writer = {0};
    struct SwsContext *scaler =
        sws_getContext(width, height, AV_PIX_FMT_RGB24, width, height, AV_PIX_FMT_YUV420P, SWS_BILINEAR, NULL, NULL, NULL);
    AVFrame *picture = av_frame_alloc();
    int code = scaler && picture ? 0 : AVERROR(ENOMEM);
    if (code >= 0) {
        picture->format = AV_PIX_FMT_YUV420P;
        picture->width = width;
        picture->height = height;
        code = av_frame_get_buffer(picture, 0);
    }
    int reason = code < 0 ? ppma_fail_av(error, code, "allocating a picture") : mp4_writer_open(&writer, &video, error);
    if (reason == PPMA_OK)
        reason = write_pictures(&writer, scaler, picture, rgb, count, error);
    if (reason == PPMA_OK)
        reason = mp4_writer_finish(&writer, data, size, error);
    mp4_writer_close(&writer);
    av_frame_free(&picture);
    sws_freeContext(scaler);
    return reason;
}
