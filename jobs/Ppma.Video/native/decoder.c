#include "clip_codec.h"
#include "rgb_converter.h"

#include <libavutil/imgutils.h>
#include <libavutil/mem.h>
#include <stdlib.h>
#include <string.h>

struct ppma_decoder {
    clip_index index;
    AVCodecContext *codec;
    AVFrame *picture;
    rgb_converter converter;
    int32_t width, height;
    bool size_is_known; // seen on a decoded picture, not only stated by the container
    int64_t packets_sent, frames_decoded;
};

// One pass over the packets: what to send, and what to do with each picture that comes out.
enum { PACKET_UNNEEDED = 0, PACKET_REFERENCE = 1, PACKET_WANTED = 2 };
typedef struct decode_pass {
    const uint8_t *needs; // per packet; NULL sends all of them as wanted
    int (*on_picture)(ppma_decoder *decoder, void *state, ppma_error *error);
    void *state;
} decode_pass;

static int receive_pictures(ppma_decoder *decoder, const decode_pass *pass, ppma_error *error)
{
    for (;;) {
        int code = avcodec_receive_frame(decoder->codec, decoder->picture);
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
            return PPMA_OK;
        if (code < 0)
            return ppma_fail_av(error, code, "decoding a picture");
        decoder->frames_decoded++;
        int reason = pass->on_picture(decoder, pass->state, error);
        av_frame_unref(decoder->picture);
        if (reason != PPMA_OK)
            return reason;
    }
}

static int send_packet(ppma_decoder *decoder, const decode_pass *pass, const AVPacket *packet, ppma_error *error)
{
    decoder->packets_sent += packet != NULL;
    int code = avcodec_send_packet(decoder->codec, packet);
    if (code < 0)
        return ppma_fail_av(error, code, "decoding a packet");
    return receive_pictures(decoder, pass, error);
}

// Runs of needed packets start at a key picture; the decoder is emptied after each.
static int run_pass(ppma_decoder *decoder, const decode_pass *pass, ppma_error *error)
{
    int reason = PPMA_OK;
    for (int32_t i = 0; reason == PPMA_OK && i < decoder->index.packet_count; i++) {
        uint8_t need = pass->needs ? pass->needs[i] : PACKET_WANTED;
        if (need == PACKET_UNNEEDED)
            continue;
        decoder->codec->skip_frame = need == PACKET_WANTED ? AVDISCARD_DEFAULT : AVDISCARD_NONREF;
        reason = send_packet(decoder, pass, decoder->index.packets[i], error);
        bool run_ends = i + 1 == decoder->index.packet_count || (pass->needs && pass->needs[i + 1] == PACKET_UNNEEDED);
        if (reason == PPMA_OK && run_ends) {
            reason = send_packet(decoder, pass, NULL, error);
            avcodec_flush_buffers(decoder->codec);
        }
    }
    if (reason != PPMA_OK)
        avcodec_flush_buffers(decoder->codec);
    return reason;
}

static int check_size(ppma_decoder *decoder, ppma_error *error)
{
    const AVFrame *picture = decoder->picture;
    bool same = picture->width == decoder->width && picture->height == decoder->height;
    if (!same && decoder->size_is_known)
        return ppma_fail(error, PPMA_UNSUPPORTED, "the picture size changes from %dx%d to %dx%d", decoder->width, decoder->height,
                         picture->width, picture->height);
    decoder->size_is_known = true;
    decoder->width = picture->width;
    decoder->height = picture->height;
    return same ? PPMA_OK : ppma_fail(error, PPMA_REVISED, "the pictures are %dx%d", picture->width, picture->height);
}

typedef struct frame_list {
    frame_entry *frames;
    int32_t count, capacity;
    int64_t step; // for pictures without any time
} frame_list;

static int append_frame(ppma_decoder *decoder, void *state, ppma_error *error)
{
    frame_list *list = state;
    int reason = check_size(decoder, error);
    if (reason != PPMA_OK && reason != PPMA_REVISED)
        return reason;
    if (list->count == list->capacity) {
        int32_t capacity = list->capacity ? 2 * list->capacity : 256;
        frame_entry *frames = av_realloc_array(list->frames, (size_t)capacity, sizeof *frames);
        if (!frames)
            return ppma_fail_av(error, AVERROR(ENOMEM), "listing frames");
        list->frames = frames;
        list->capacity = capacity;
    }
    int64_t time = decoder->picture->best_effort_timestamp;
    if (time == AV_NOPTS_VALUE)
        time = list->count ? list->frames[list->count - 1].time + list->step : 0;
    list->frames[list->count++] = (frame_entry){time, -1, 0};
    return PPMA_OK;
}

// Where the container does not tell (or tells wrongly) which frames there are, decoding all of them does.
static int list_frames_by_decoding(ppma_decoder *decoder, ppma_error *error)
{
    clip_index *index = &decoder->index;
    AVRational rate = index->frame_rate;
    frame_list list = {.step = rate.num > 0 && rate.den > 0 ? av_rescale_q(1, av_inv_q(rate), index->time_base) : 1};
    decode_pass pass = {.on_picture = append_frame, .state = &list};
    int reason = run_pass(decoder, &pass, error);
    if (reason == PPMA_OK && list.count == 0)
        reason = ppma_fail(error, PPMA_ZERO_LENGTH, "no picture could be decoded from %d packets", index->packet_count);
    if (reason != PPMA_OK) {
        av_free(list.frames);
        return reason;
    }
    if (index->start > list.frames[0].time)
        index->start = list.frames[0].time;
    av_free(index->frames);
    index->frames = list.frames;
    index->frame_count = list.count;
    index->has_times = false;
    return PPMA_OK;
}

typedef struct frame_copy {
    const int32_t *frames;
    int32_t count, width, height;
    uint8_t *rgb;
    int32_t decoded_position; // in presentation order, for files whose times say nothing
    int32_t copied;
} frame_copy;

static int copy_frame(ppma_decoder *decoder, void *state, ppma_error *error)
{
    frame_copy *copy = state;
    const AVFrame *picture = decoder->picture;
    int32_t frame = decoder->index.has_times ? clip_index_find(&decoder->index, picture->pts) : copy->decoded_position++;
    int32_t first = 0;
    while (first < copy->count && copy->frames[first] != frame)
        first++;
    if (first == copy->count)
        return PPMA_OK;
    if (picture->decode_error_flags || picture->flags & AV_FRAME_FLAG_CORRUPT)
        return ppma_fail(error, PPMA_CORRUPT, "frame %d is damaged", frame);
    int reason = check_size(decoder, error);
    if (reason != PPMA_OK)
        return reason;

    size_t frame_bytes = (size_t)copy->width * (size_t)copy->height * 3;
    uint8_t *target = copy->rgb + (size_t)first * frame_bytes;
    reason = rgb_converter_run(&decoder->converter, picture, copy->width, copy->height, target, error);
    copy->copied++;
    for (int32_t i = first + 1; reason == PPMA_OK && i < copy->count && copy->frames[i] == frame; i++, copy->copied++)
        memcpy(copy->rgb + (size_t)i * frame_bytes, target, frame_bytes);
    return reason;
}

static uint8_t *mark_needed_packets(const clip_index *index, const int32_t *frames, int32_t count)
{
    uint8_t *needs = av_mallocz((size_t)index->packet_count);
    for (int32_t i = 0; needs && i < count; i++) {
        const frame_entry *frame = &index->frames[frames[i]];
        for (int32_t packet = frame->packet; packet >= frame->key; packet--)
            needs[packet] = PACKET_REFERENCE;
    }
    for (int32_t i = 0; needs && i < count; i++)
        needs[index->frames[frames[i]].packet] = PACKET_WANTED;
    return needs;
}

int ppma_decoder_read(ppma_decoder *decoder, const int32_t *frames, int32_t count, int32_t width, int32_t height, uint8_t *rgb,
                      ppma_error *error)
{
    clip_index *index = &decoder->index;
    for (int32_t i = 0; i < count; i++)
        if (frames[i] < (i ? frames[i - 1] : 0) || frames[i] >= index->frame_count)
            return ppma_fail(error, PPMA_INVALID_ARGUMENT, "frame %d of %d is out of order or range", frames[i], index->frame_count);
    if (count <= 0 || width <= 0 || height <= 0)
        return ppma_fail(error, PPMA_INVALID_ARGUMENT, "%d frames of %dx%d", count, width, height);

    uint8_t *needs = index->has_times ? mark_needed_packets(index, frames, count) : NULL;
    if (index->has_times && !needs)
        return ppma_fail_av(error, AVERROR(ENOMEM), "choosing packets");
    frame_copy copy = {.frames = frames, .count = count, .width = width, .height = height, .rgb = rgb};
    decode_pass pass = {.needs = needs, .on_picture = copy_frame, .state = &copy};
    int reason = run_pass(decoder, &pass, error);
    av_free(needs);
    if (reason != PPMA_OK || copy.copied == count)
        return reason;
    if (!index->has_times)
        return ppma_fail(error, PPMA_CORRUPT, "only %d of %d frames could be decoded", copy.copied, count);
    reason = list_frames_by_decoding(decoder, error);
    return reason != PPMA_OK ? reason : ppma_fail(error, PPMA_REVISED, "the file shows %d frames", index->frame_count);
}

static int open_codec(ppma_decoder *decoder, int64_t max_pixels, ppma_error *error)
{
    int reason = clip_codec_open(&decoder->index, max_pixels, &decoder->codec, error);
    if (reason != PPMA_OK)
        return reason;
    decoder->picture = av_frame_alloc();
    if (!decoder->picture)
        return ppma_fail_av(error, AVERROR(ENOMEM), "opening the decoder");
    decoder->width = decoder->index.codec->width;
    decoder->height = decoder->index.codec->height;
    return PPMA_OK;
}

int ppma_decoder_open(const uint8_t *data, int64_t size, int64_t max_pixels, ppma_decoder **decoder, ppma_error *error)
{
    *decoder = NULL;
    if (!data || size <= 0)
        return ppma_fail(error, PPMA_EMPTY, "the file has no bytes");
    ppma_decoder *opened = av_mallocz(sizeof *opened);
    if (!opened)
        return ppma_fail_av(error, AVERROR(ENOMEM), "opening the file");
    int reason = clip_index_read(&opened->index, data, size, error);
    if (reason == PPMA_OK)
        reason = open_codec(opened, max_pixels, error);
    if (reason == PPMA_OK && (!opened->index.has_times || opened->width <= 0 || opened->height <= 0))
        reason = list_frames_by_decoding(opened, error);
    if (reason != PPMA_OK) {
        ppma_decoder_close(opened);
        return reason;
    }
    *decoder = opened;
    return PPMA_OK;
}

void ppma_decoder_info(const ppma_decoder *decoder, ppma_video_info *info)
{
    *info = (ppma_video_info){decoder->width, decoder->height, decoder->index.frame_count, clip_index_duration(&decoder->index)};
}

void ppma_decoder_times(const ppma_decoder *decoder, double *seconds)
{
    for (int32_t i = 0; i < decoder->index.frame_count; i++)
        seconds[i] = clip_index_seconds(&decoder->index, i);
}

void ppma_decoder_work(const ppma_decoder *decoder, int64_t *packets_sent, int64_t *frames_decoded)
{
    *packets_sent = decoder->packets_sent;
    *frames_decoded = decoder->frames_decoded;
}

void ppma_decoder_close(ppma_decoder *decoder)
{
    if (!decoder)
        return;
    rgb_converter_free(&decoder->converter);
    av_frame_free(&decoder->picture);
    avcodec_free_context(&decoder->codec);
    clip_index_free(&decoder->index);
    av_free(decoder);
}
