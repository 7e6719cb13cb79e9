#include "mp4_writer.h"

#include <libavutil/cpu.h>
#include <libavutil/mem.h>
#include <limits.h>
#include <stdio.h>

static int open_to_move(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
    (void)url, (void)flags, (void)options;
    mp4_writer *writer = format->opaque;
    writer->moved = (memory_file_again){.file = &writer->file};
    *io = memory_file_open_again(&writer->moved);
    return *io ? 0 : AVERROR(ENOMEM);
}

static int close_moved(AVFormatContext *format, AVIOContext *io)
{
    (void)format;
    memory_file_close(&io);
    return 0;
}

static int open_codec(mp4_writer *writer, const mp4_settings *settings)
{
    const AVCodec *x264 = avcodec_find_encoder_by_name("libx264");
    if (!x264)
        return AVERROR_ENCODER_NOT_FOUND;
    AVCodecContext *codec = writer->codec = avcodec_alloc_context3(x264);
    if (!codec)
        return AVERROR(ENOMEM);
    codec->width = settings->width;
    codec->height = settings->height;
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->framerate = settings->frame_rate;
    codec->time_base = settings->time_base;
    codec->gop_size = settings->key_frame_interval;
    codec->max_b_frames = 0;
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;
    codec->colorspace = settings->matrix;
    codec->color_primaries = settings->primaries;
    codec->color_trc = settings->transfer;
    codec->color_range = settings->range;

    char quality[16];
    snprintf(quality, sizeof quality, "%d", settings->quality);
    AVDictionary *options = NULL;
    av_dict_set(&options, "preset", settings->preset, 0);
    av_dict_set(&options, "tune", settings->tune, 0);
    av_dict_set(&options, "crf", quality, 0);
    av_dict_set(&options, "sc_threshold", "0", 0); // key frames where they are asked for only
    av_dict_set(&options, "forced-idr", "1", 0);
    // With AVX-512, x264's macroblock tree reads memory that nothing wrote: one video would give several files.
    if (av_get_cpu_flags() & AV_CPU_FLAG_AVX512)
        av_dict_set(&options, "x264-params", "asm=avx2", 0);
    int code = avcodec_open2(codec, x264, &options);
    av_dict_free(&options);
    return code;
}

static int open_container(mp4_writer *writer)
{
    int code = avformat_alloc_output_context2(&writer->format, NULL, "mp4", NULL);
    if (code < 0)
        return code;
    AVFormatContext *format = writer->format;
    format->opaque = writer;
    format->io_open = open_to_move;
    format->io_close2 = close_moved;
    format->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
    format->pb = memory_file_open(&writer->file);
    writer->stream = avformat_new_stream(format, NULL);
    writer->packet = av_packet_alloc();
    if (!format->pb || !writer->stream || !writer->packet)
        return AVERROR(ENOMEM);
    writer->stream->time_base = writer->codec->time_base;
    writer->stream->avg_frame_rate = writer->codec->framerate;
    code = avcodec_parameters_from_context(writer->stream->codecpar, writer->codec);
    if (code < 0)
        return code;

    AVDictionary *options = NULL;
    av_dict_set(&options, "movflags", "+faststart", 0);
    av_dict_set(&options, "use_editlist", "0", 0);
    code = avformat_write_header(format, &options);
    av_dict_free(&options);
    return code;
}

// An encoder that fails says nothing about the video.
static int fail(ppma_error *error, int code, const char *doing)
{
    ppma_fail_av(error, code, doing);
    return PPMA_ENCODER_FAILED;
}

int mp4_writer_open(mp4_writer *writer, const mp4_settings *settings, ppma_error *error)
{
    writer->packet_duration = 1;
    int code = open_codec(writer, settings);
    if (code < 0)
        return fail(error, code, "opening the H.264 encoder (FFmpeg built with libx264 is needed)");
    code = open_container(writer);
    return code < 0 ? fail(error, code, "opening the MP4 container") : PPMA_OK;
}

int mp4_writer_write(mp4_writer *writer, const AVFrame *picture, ppma_error *error)
{
    AVPacket *packet = writer->packet;
    int code = avcodec_send_frame(writer->codec, picture);
    while (code >= 0 && (code = avcodec_receive_packet(writer->codec, packet)) >= 0) {
        packet->duration = writer->packet_duration;
        av_packet_rescale_ts(packet, writer->codec->time_base, writer->stream->time_base);
        // The muxer would replace such a time without a word.
        if (packet->dts < 0 || packet->dts - writer->last_time > INT_MAX || packet->duration > INT_MAX)
            return ppma_fail(error, PPMA_UNSUPPORTED, "a frame is shown for longer than MP4 can hold in units of 1/%d s",
                             writer->stream->time_base.den);
        writer->last_time = packet->dts;
        code = av_write_frame(writer->format, packet);
        av_packet_unref(packet);
    }
    return code == AVERROR(EAGAIN) || code == AVERROR_EOF ? PPMA_OK : fail(error, code, "encoding");
}

int mp4_writer_finish(mp4_writer *writer, uint8_t **data, int64_t *size, ppma_error *error)
{
    int reason = mp4_writer_write(writer, NULL, error);
    if (reason != PPMA_OK)
        return reason;
    int code = av_write_trailer(writer->format);
    if (code < 0)
        return fail(error, code, "ending the MP4 file");
    *data = writer->file.data;
    *size = writer->file.size;
    writer->file.data = NULL;
    return PPMA_OK;
}

void mp4_writer_close(mp4_writer *writer)
{
    av_packet_free(&writer->packet);
    avcodec_free_context(&writer->codec);
    if (writer->format)
        memory_file_close(&writer->format->pb);
    avformat_free_context(writer->format);
    writer->format = NULL;
    av_freep(&writer->file.data);
}
