#include "picture_writer.h"

#include <libavutil/mem.h>
#include <stdio.h>
#include <string.h>

struct ppma_sequence {
    AVCodecContext *codec;
    AVFrame *picture;
    AVPacket *packet;
    picture_writer writer;
};

int ppma_sequence_open(const ppma_transcode_settings *settings, int32_t frame_rate_numerator, int32_t frame_rate_denominator,
                       ppma_sequence **sequence, ppma_error *error)
{
    *sequence = NULL;
    if (frame_rate_numerator <= 0 || frame_rate_denominator <= 0)
        return ppma_fail(error, PPMA_INVALID_ARGUMENT, "%d/%d frames a second", frame_rate_numerator, frame_rate_denominator);
    ppma_sequence *opened = av_mallocz(sizeof *opened);
    if (!opened)
        return ppma_fail_av(error, AVERROR(ENOMEM), "opening a sequence");
    int reason = picture_writer_set(&opened->writer, settings, error);
    opened->picture = av_frame_alloc();
    opened->packet = av_packet_alloc();
    if (reason == PPMA_OK && (!opened->picture || !opened->packet))
        reason = ppma_fail_av(error, AVERROR(ENOMEM), "opening a sequence");
    if (reason != PPMA_OK) {
        ppma_sequence_close(opened);
        return reason;
    }
    opened->writer.frame_rate = (AVRational){frame_rate_numerator, frame_rate_denominator};
    opened->writer.time_base = av_inv_q(opened->writer.frame_rate);
    *sequence = opened;
    return PPMA_OK;
}

// The decoder pads a cut JPEG with grey and says nothing. Inside the data of a picture no marker can occur by chance,
// so a whole file has its last end mark (FF D9) behind its last start of data (FF DA).
static bool is_cut_jpeg(const uint8_t *data, int64_t size)
{
    for (int64_t i = size - 2; i >= 0; i--)
        if (data[i] == 0xFF && (data[i + 1] == 0xD9 || data[i + 1] == 0xDA))
            return data[i + 1] == 0xDA;
    return true;
}

static int find_codec(const uint8_t *data, int64_t size, enum AVCodecID *id, ppma_error *error)
{
    if (size <= 0)
        return ppma_fail(error, PPMA_EMPTY, "the file has no bytes");
    bool is_jpeg = size >= 3 && data[0] == 0xFF && data[1] == 0xD8 && data[2] == 0xFF;
    if (!is_jpeg && (size < 8 || memcmp(data, "\x89PNG\r\n\x1a\n", 8) != 0))
        return ppma_fail(error, PPMA_UNSUPPORTED, "the file is neither JPEG nor PNG");
    if (is_jpeg && is_cut_jpeg(data, size))
        return ppma_fail(error, PPMA_TRUNCATED, "the JPEG file has no end mark");
    if (size > INT32_MAX - AV_INPUT_BUFFER_PADDING_SIZE)
        return ppma_fail(error, PPMA_TOO_LARGE, "the file has %lld bytes", (long long)size);
    *id = is_jpeg ? AV_CODEC_ID_MJPEG : AV_CODEC_ID_PNG;
    return PPMA_OK;
}

static int open_codec(ppma_sequence *sequence, enum AVCodecID id, ppma_error *error)
{
    if (sequence->codec && sequence->codec->codec_id == id)
        return PPMA_OK;
    avcodec_free_context(&sequence->codec);
    const AVCodec *decoder = avcodec_find_decoder(id);
    if (!decoder)
        return ppma_fail(error, PPMA_UNSUPPORTED, "this FFmpeg has no decoder for %s", avcodec_get_name(id));
    AVCodecContext *codec = sequence->codec = avcodec_alloc_context3(decoder);
    if (!codec)
        return ppma_fail_av(error, AVERROR(ENOMEM), "opening the decoder");
    codec->thread_count = 1;
    codec->max_pixels = sequence->writer.settings.max_pixels;
    codec->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    int code = avcodec_open2(codec, decoder, NULL);
    return code < 0 ? ppma_fail_av(error, code, "opening the decoder") : PPMA_OK;
}

// One file is one picture; the decoder is emptied after it, so that nothing of it shows in the next.
static int decode(ppma_sequence *sequence, const uint8_t *data, int64_t size, ppma_error *error)
{
    int code = av_new_packet(sequence->packet, (int)size);
    if (code < 0)
        return ppma_fail_av(error, code, "decoding the picture");
    memcpy(sequence->packet->data, data, (size_t)size);
    sequence->packet->flags |= AV_PKT_FLAG_KEY; // the PNG decoder adds other packets to the picture before
    code = avcodec_send_packet(sequence->codec, sequence->packet);
    av_packet_unref(sequence->packet);
    if (code >= 0)
        code = avcodec_send_packet(sequence->codec, NULL);
    if (code >= 0)
        code = avcodec_receive_frame(sequence->codec, sequence->picture);
    avcodec_flush_buffers(sequence->codec);
    if (code == AVERROR_EOF)
        return ppma_fail(error, PPMA_CORRUPT, "the file holds no picture");
    if (code < 0)
        return ppma_fail_av(error, code, "decoding the picture");
    if (sequence->picture->decode_error_flags || sequence->picture->flags & AV_FRAME_FLAG_CORRUPT)
        return ppma_fail(error, PPMA_CORRUPT, "the picture is damaged");
    return PPMA_OK;
}

int ppma_sequence_add(ppma_sequence *sequence, const uint8_t *data, int64_t size, ppma_error *error)
{
    enum AVCodecID id = AV_CODEC_ID_NONE;
    int reason = find_codec(data, size, &id, error);
    if (reason == PPMA_OK)
        reason = open_codec(sequence, id, error);
    if (reason == PPMA_OK)
        reason = decode(sequence, data, size, error);
    if (reason == PPMA_OK)
        reason = picture_writer_add(&sequence->writer, sequence->picture, sequence->writer.count, error);
    av_frame_unref(sequence->picture);
    return reason;
}

int ppma_sequence_finish(ppma_sequence *sequence, uint8_t **data, int64_t *size, ppma_transcode_facts *facts, ppma_error *error)
{
    *data = NULL;
    *size = 0;
    int32_t count = sequence->writer.count;
    *facts = (ppma_transcode_facts){.source_frame_count = count};
    if (count == 0)
        return ppma_fail(error, PPMA_ZERO_LENGTH, "the sequence has no picture");
    snprintf(facts->codec, sizeof facts->codec, "%s", avcodec_get_name(sequence->codec->codec_id));
    return picture_writer_finish(&sequence->writer, 1, data, size, facts, error);
}

void ppma_sequence_close(ppma_sequence *sequence)
{
    if (!sequence)
        return;
    picture_writer_close(&sequence->writer);
    av_frame_free(&sequence->picture);
    av_packet_free(&sequence->packet);
    avcodec_free_context(&sequence->codec);
    av_free(sequence);
}
