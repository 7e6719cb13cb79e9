#include "clip_codec.h"
#include "picture_writer.h"

#include <libavutil/common.h>
#include <libavutil/mem.h>
#include <stdio.h>

struct ppma_transcoder {
    clip_index index;
    AVCodecContext *codec;
    AVFrame *picture;
    picture_writer writer;
    int32_t packets_sent;
    int32_t expected_frames; // packets that hold a frame to show
    int32_t decoded_frames;
    int64_t last_time, step; // step: for pictures without any time
    int64_t last_duration;
};

static AVRational average_rate(const clip_index *index)
{
    AVRational rate = index->frame_rate;
    int64_t last = index->frame_count - 1;
    int64_t span = av_sat_sub64(index->frames[last].time, index->frames[0].time);
    if (index->has_times && last > 0 && span < INT64_MAX / index->time_base.num)
        av_reduce(&rate.num, &rate.den, last * index->time_base.den, span * index->time_base.num, 1 << 24);
    return rate.num > 0 && rate.den > 0 ? rate : (AVRational){25, 1};
}

static void prepare_times(ppma_transcoder *transcoder)
{
    const clip_index *index = &transcoder->index;
    picture_writer *writer = &transcoder->writer;
    writer->time_base = index->time_base;
    writer->frame_rate = average_rate(index);
    AVRational rate = index->frame_rate.num > 0 && index->frame_rate.den > 0 ? index->frame_rate : writer->frame_rate;
    transcoder->step = FFMAX(1, av_rescale_q(1, av_inv_q(rate), index->time_base));
    transcoder->last_duration = transcoder->step;
    for (int32_t i = 0; i < index->frame_count; i++)
        transcoder->expected_frames += index->packets[index->frames[i].packet]->size > 0;
    const AVPacket *last = index->packets[index->frames[index->frame_count - 1].packet];
    if (index->has_times && last->duration > 0)
        transcoder->last_duration = last->duration;
}

int ppma_transcoder_open(const uint8_t *data, int64_t size, const ppma_transcode_settings *settings, ppma_transcoder **transcoder,
                         ppma_error *error)
{
    *transcoder = NULL;
    if (!data || size <= 0)
        return ppma_fail(error, PPMA_EMPTY, "the file has no bytes");
    ppma_transcoder *opened = av_mallocz(sizeof *opened);
    if (!opened)
        return ppma_fail_av(error, AVERROR(ENOMEM), "opening the file");
    int reason = picture_writer_set(&opened->writer, settings, error);
    if (reason == PPMA_OK)
        reason = clip_index_read(&opened->index, data, size, error);
    if (reason == PPMA_OK)
        reason = clip_codec_open(&opened->index, settings->max_pixels, &opened->codec, error);
    if (reason == PPMA_OK && !(opened->picture = av_frame_alloc()))
        reason = ppma_fail_av(error, AVERROR(ENOMEM), "opening the file");
    if (reason != PPMA_OK) {
        ppma_transcoder_close(opened);
        return reason;
    }
    opened->writer.container = opened->index.codec;
    prepare_times(opened);
    *transcoder = opened;
    return PPMA_OK;
}

static int64_t time_of(const ppma_transcoder *transcoder)
{
    const AVFrame *picture = transcoder->picture;
    int64_t time = transcoder->index.has_times ? picture->pts : picture->best_effort_timestamp;
    if (time != AV_NOPTS_VALUE)
        return time;
    return transcoder->writer.count ? av_sat_add64(transcoder->last_time, transcoder->step) : 0;
}

// Frames keep their count and times, or there is an error; where loss is accepted, a picture that breaks this is left out.
static int take_picture(ppma_transcoder *transcoder, ppma_error *error)
{
    const clip_index *index = &transcoder->index;
    const AVFrame *picture = transcoder->picture;
    int64_t time = time_of(transcoder);
    int32_t frame = transcoder->decoded_frames++;
    int reason = PPMA_OK;
    if (picture->decode_error_flags || picture->flags & AV_FRAME_FLAG_CORRUPT)
        reason = ppma_fail(error, PPMA_CORRUPT, "frame %d is damaged", frame);
    else if (transcoder->writer.count && time <= transcoder->last_time)
        reason = ppma_fail(error, PPMA_CORRUPT, "frame %d is not shown later than the one before", frame);
    else if (index->has_times && clip_index_find(index, time) < 0)
        reason = ppma_fail(error, PPMA_CORRUPT, "frame %d is shown at a time that the container does not state", frame);
    if (reason != PPMA_OK)
        return transcoder->writer.settings.accepts_lost_frames ? PPMA_OK : reason;
    transcoder->last_time = time;
    return picture_writer_add(&transcoder->writer, picture, time, error);
}

static int send_packet(ppma_transcoder *transcoder, const AVPacket *packet, ppma_error *error)
{
    bool accepts_loss = transcoder->writer.settings.accepts_lost_frames;
    char doing[64];
    snprintf(doing, sizeof doing, "decoding packet %d of %d", transcoder->packets_sent, transcoder->index.packet_count);
    int code = avcodec_send_packet(transcoder->codec, packet);
    if (code < 0)
        return accepts_loss ? PPMA_OK : ppma_fail_av(error, code, doing);
    for (;;) {
        code = avcodec_receive_frame(transcoder->codec, transcoder->picture);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
            return PPMA_OK;
        if (code < 0)
            return accepts_loss ? PPMA_OK : ppma_fail_av(error, code, doing);
        int reason = take_picture(transcoder, error);
        av_frame_unref(transcoder->picture);
        if (reason != PPMA_OK)
            return reason;
    }
}

int ppma_transcoder_step(ppma_transcoder *transcoder, int32_t packets, int32_t *packets_left, ppma_error *error)
{
    clip_index *index = &transcoder->index;
    int reason = PPMA_OK;
    for (int32_t i = 0; reason == PPMA_OK && i < packets && transcoder->packets_sent < index->packet_count; i++) {
        AVPacket *packet = index->packets[transcoder->packets_sent];
        if (packet->size > 0) // an empty one repeats a picture, and would end decoding
            reason = send_packet(transcoder, packet, error);
        av_packet_unref(packet);
        transcoder->packets_sent++;
    }
    *packets_left = index->packet_count - transcoder->packets_sent;
    return reason;
}

int ppma_transcoder_finish(ppma_transcoder *transcoder, uint8_t **data, int64_t *size, ppma_transcode_facts *facts, ppma_error *error)
{
    *data = NULL;
    *size = 0;
    *facts = (ppma_transcode_facts){.source_frame_count = transcoder->expected_frames, .rotation_degrees = transcoder->index.rotation};
    if (transcoder->packets_sent < transcoder->index.packet_count)
        return ppma_fail(error, PPMA_INVALID_ARGUMENT, "%d packets are left", transcoder->index.packet_count - transcoder->packets_sent);
    int reason = send_packet(transcoder, NULL, error);
    if (reason != PPMA_OK)
        return reason;
    int32_t count = transcoder->writer.count;
    if (count == 0)
        return ppma_fail(error, PPMA_ZERO_LENGTH, "no picture could be decoded from %d packets", transcoder->index.packet_count);
    if (count < transcoder->expected_frames && !transcoder->writer.settings.accepts_lost_frames)
        return ppma_fail(error, PPMA_CORRUPT, "the decoder gives %d frames, but the container has packets for %d", count,
                         transcoder->expected_frames);
    snprintf(facts->codec, sizeof facts->codec, "%s", avcodec_get_name(transcoder->index.codec->codec_id));
    return picture_writer_finish(&transcoder->writer, transcoder->last_duration, data, size, facts, error);
}

void ppma_transcoder_close(ppma_transcoder *transcoder)
{
    if (!transcoder)
        return;
    picture_writer_close(&transcoder->writer);
    av_frame_free(&transcoder->picture);
    avcodec_free_context(&transcoder->codec);
    clip_index_free(&transcoder->index);
    av_free(transcoder);
}
