#include "error.h"
#include "memory_file.h"
#include "memory_reader.h"

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
#include <stdio.h>

typedef struct clip_encoder {
    AVCodecContext *codec;
    AVFormatContext *format;
    AVStream *stream;
    AVFrame *picture;
    AVPacket *packet;
    struct SwsContext *scaler;
    memory_file file;
    memory_reader moved; // the file once more, while the muxer moves its index to the front
} clip_encoder;

static int open_to_move(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
    (void)url, (void)flags, (void)options;
    clip_encoder *encoder = format->opaque;
    encoder->moved = (memory_reader){.data = encoder->file.data, .size = encoder->file.size};
    *io = memory_reader_open(&encoder->moved);
    return *io ? 0 : AVERROR(ENOMEM);
}

static int close_moved(AVFormatContext *format, AVIOContext *io)
{
    (void)format;
    memory_reader_close(&io);
    return 0;
}

static int open_codec(clip_encoder *encoder, const ppma_encoder_settings *settings)
{
    const AVCodec *x264 = avcodec_find_encoder_by_name("libx264");
    if (!x264)
        return AVERROR_ENCODER_NOT_FOUND;
    AVCodecContext *codec = encoder->codec = avcodec_alloc_context3(x264);
    if (!codec)
        return AVERROR(ENOMEM);
    codec->width = settings->width;
    codec->height = settings->height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->framerate = (AVRational){settings->frame_rate_numerator, settings->frame_rate_denominator};
    codec->time_base = av_inv_q(codec->framerate);
    codec->gop_size = settings->key_frame_interval;
    codec->max_b_frames = 0;
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;

    char quality[16];
    snprintf(quality, sizeof quality, "%d", settings->quality);
    AVDictionary *options = NULL;
    av_dict_set(&options, "preset", settings->preset, 0);
    av_dict_set(&options, "tune", "zerolatency", 0);
    av_dict_set(&options, "crf", quality, 0);
    av_dict_set(&options, "sc_threshold", "0", 0); // key frames at the interval only
    int code = avcodec_open2(codec, x264, &options);
    av_dict_free(&options);
    return code;
}

static int open_container(clip_encoder *encoder)
{
    int code = avformat_alloc_output_context2(&encoder->format, NULL, "mp4", NULL);
    if (code < 0)
        return code;
    AVFormatContext *format = encoder->format;
    format->opaque = encoder;
    format->io_open = open_to_move;
    format->io_close2 = close_moved;
    format->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    format->pb = memory_file_open(&encoder->file);
    encoder->stream = avformat_new_stream(format, NULL);
    if (!format->pb || !encoder->stream)
        return AVERROR(ENOMEM);
    encoder->stream->time_base = encoder->codec->time_base;
    encoder->stream->avg_frame_rate = encoder->codec->framerate;
    code = avcodec_parameters_from_context(encoder->stream->codecpar, encoder->codec);
    if (code < 0)
        return code;

    AVDictionary *options = NULL;
    av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set(&options, "use_editlist", "0", 0);
    code = avformat_write_header(format, &options);
    av_dict_free(&options);
    return code;
}

static int open_picture(clip_encoder *encoder)
{
    encoder->packet = av_packet_alloc();
    encoder->picture = av_frame_alloc();
    if (!encoder->packet || !encoder->picture)
        return AVERROR(ENOMEM);
    AVFrame *picture = encoder->picture;
    picture->format = encoder->codec->pix_fmt;
    picture->width = encoder->codec->width;
    picture->height = encoder->codec->height;
    encoder->scaler = sws_getContext(picture->width, picture->height, AV_PIX_FMT_RGB24, picture->width, picture->height,
                                     AV_PIX_FMT_YUV420P, SWS_BILINEAR, NULL, NULL, NULL);
    return encoder->scaler ? av_frame_get_buffer(picture, 0) : AVERROR(ENOMEM);
}

static int write_packets(clip_encoder *encoder, const AVFrame *picture)
{
    int code = avcodec_send_frame(encoder->codec, picture);
    while (code >= 0 && (code = avcodec_receive_packet(encoder->codec, encoder->packet)) >= 0) {
        encoder->packet->duration = 1;
        av_packet_rescale_ts(encoder->packet, encoder->codec->time_base, encoder->stream->time_base);
        code = av_write_frame(encoder->format, encoder->packet);
        av_packet_unref(encoder->packet);
    }
    return code == AVERROR(EAGAIN) || code == AVERROR_EOF ? 0 : code;
}

static int write_pictures(clip_encoder *encoder, const uint8_t *rgb, int32_t count)
{
    AVFrame *picture = encoder->picture;
    int stride = picture->width * 3;
    int code = 0;
    for (int32_t i = 0; code >= 0 && i < count; i++) {
        const uint8_t *rows[4] = {rgb + (size_t)i * (size_t)stride * (size_t)picture->height};
        int strides[4] = {stride};
        code = av_frame_make_writable(picture);
        if (code >= 0)
            code = sws_scale(encoder->scaler, rows, strides, 0, picture->height, picture->data, picture->linesize);
        picture->pts = i;
        if (code >= 0)
            code = write_packets(encoder, picture);
    }
    if (code >= 0)
        code = write_packets(encoder, NULL);
    return code < 0 ? code : av_write_trailer(encoder->format);
}

static void close_encoder(clip_encoder *encoder)
{
    sws_freeContext(encoder->scaler);
    av_packet_free(&encoder->packet);
    av_frame_free(&encoder->picture);
    avcodec_free_context(&encoder->codec);
    if (encoder->format)
        memory_file_close(&encoder->format->pb);
    avformat_free_context(encoder->format);
}

int ppma_encode_h264(const ppma_encoder_settings *settings, const uint8_t *rgb, int32_t count, uint8_t **data, int64_t *size,
                     ppma_error *error)
{
    *data = NULL;
    *size = 0;
    if (settings->width <= 0 || settings->height <= 0 || settings->width % 2 || settings->height % 2 || count <= 0)
        return ppma_fail(error, PPMA_INVALID_ARGUMENT, "%d frames of %dx%d: width and height must be even", count, settings->width,
                         settings->height);
    clip_encoder encoder = {0};
    const char *doing = "opening the H.264 encoder (FFmpeg built with libx264 is needed)";
    int code = open_codec(&encoder, settings);
    if (code >= 0) {
        doing = "opening the MP4 container";
        code = open_container(&encoder);
    }
    if (code >= 0)
        code = open_picture(&encoder);
    if (code >= 0) {
        doing = "encoding";
        code = write_pictures(&encoder, rgb, count);
    }
    close_encoder(&encoder);
    if (code < 0) {
        av_free(encoder.file.data);
        return ppma_fail_av(error, code, doing);
    }
    *data = encoder.file.data;
    *size = encoder.file.size;
    return PPMA_OK;
}
