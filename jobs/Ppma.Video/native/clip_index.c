#include "clip_index.h"

#include "memory_reader.h"

#include <libavcodec/version.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/mem.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Containers of recorded video only: a playlist or script format could name other files.
static const char container_whitelist[] = "mov,matroska,avi,mpegts,mpeg,flv,asf,ogg,h264,hevc,m4v,ivf,mpegvideo";

static int refuse_other_files(AVFormatContext *format, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
    (void)format, (void)io, (void)url, (void)flags, (void)options;
    return AVERROR(EACCES);
}

// Headers of these carry the codec's parameters and every time, so that nothing need be decoded to know them.
static bool has_complete_headers(const AVFormatContext *format)
{
    return strstr(format->iformat->name, "mp4") || strstr(format->iformat->name, "matroska");
}

static int find_video_stream(const AVFormatContext *format)
{
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        if (stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO && !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC))
            return (int)i;
    }
    return -1;
}

// VP8 keeps its hidden reference pictures in packets of their own (RFC 6386, 9.1: show_frame).
static bool is_shown(const clip_index *index, const AVPacket *packet)
{
    if (packet->flags & AV_PKT_FLAG_DISCARD)
        return false;
    return index->codec->codec_id != AV_CODEC_ID_VP8 || packet->size == 0 || packet->data[0] & 0x10;
}

static int keep_packet(clip_index *index, AVPacket *packet)
{
    if (index->packet_count == index->packet_capacity) {
        int capacity = index->packet_capacity ? 2 * index->packet_capacity : 256;
        AVPacket **packets = av_realloc_array(index->packets, (size_t)capacity, sizeof *packets);
        if (!packets)
            return AVERROR(ENOMEM);
        index->packets = packets;
        index->packet_capacity = capacity;
    }
    AVPacket *kept = av_packet_alloc();
    if (!kept)
        return AVERROR(ENOMEM);
    av_packet_move_ref(kept, packet);
    index->packets[index->packet_count++] = kept;
    return 0;
}

// Hostile tables can point at the same bytes again and again: what is kept stays in proportion to the file.
static bool is_out_of_proportion(const clip_index *index, int64_t kept_bytes, int64_t size)
{
    return kept_bytes > 2 * size + 65536 || index->packet_count > 65536 + size / 8;
}

static int read_packets(clip_index *index, AVFormatContext *format, int stream, const memory_reader *reader, ppma_error *error)
{
    AVPacket *packet = av_packet_alloc();
    if (!packet)
        return ppma_fail_av(error, AVERROR(ENOMEM), "reading packets");
    int64_t kept_bytes = 0;
    int code, reason = PPMA_OK;
    while (reason == PPMA_OK && (code = av_read_frame(format, packet)) >= 0) {
        if (packet->stream_index != stream) {
            av_packet_unref(packet);
            continue;
        }
        if (packet->flags & AV_PKT_FLAG_CORRUPT)
            reason = ppma_fail(error, PPMA_TRUNCATED, "packet %d is incomplete", index->packet_count);
        kept_bytes += packet->size;
        if (reason == PPMA_OK && (code = keep_packet(index, packet)) < 0)
            reason = ppma_fail_av(error, code, "keeping packets");
        if (reason == PPMA_OK && is_out_of_proportion(index, kept_bytes, reader->size))
            reason = ppma_fail(error, PPMA_TOO_LARGE, "the file's tables describe more data than the file holds");
    }
    if (reason == PPMA_OK && code != AVERROR_EOF) {
        bool at_end = reader->went_past_end || reader->position >= reader->size;
        reason = at_end ? ppma_fail(error, PPMA_TRUNCATED, "the file ends before packet %d", index->packet_count)
                        : ppma_fail_av(error, code, "reading packets");
    }
    av_packet_free(&packet);
    return reason;
}

static int compare_times(const void *a, const void *b)
{
    int64_t left = ((const frame_entry *)a)->time, right = ((const frame_entry *)b)->time;
    return (left > right) - (left < right);
}

// A picture that is decoded after a key picture but shown before it may need the pictures in front of that key.
// Where no near key is early enough, the first packet always is.
static int32_t find_key(const clip_index *index, const int32_t *keys, int32_t key_count, int64_t time)
{
    for (int32_t i = key_count - 1; i >= 0 && i >= key_count - 16; i--)
        if (index->packets[keys[i]]->pts <= time)
            return keys[i];
    return 0;
}

static int list_frames(clip_index *index, ppma_error *error)
{
    size_t room = (size_t)index->packet_count + 1;
    int32_t *keys = av_malloc_array(room, sizeof *keys);
    index->frames = av_malloc_array(room, sizeof *index->frames);
    if (!keys || !index->frames) {
        av_free(keys);
        return ppma_fail_av(error, AVERROR(ENOMEM), "listing frames");
    }
    int32_t key_count = 0;
    index->has_times = true;
    for (int32_t i = 0; i < index->packet_count; i++) {
        const AVPacket *packet = index->packets[i];
        if (packet->flags & AV_PKT_FLAG_KEY)
            keys[key_count++] = i;
        if (!is_shown(index, packet))
            continue;
        index->has_times &= packet->pts != AV_NOPTS_VALUE;
        int32_t key = find_key(index, keys, key_count, packet->pts);
        index->frames[index->frame_count++] = (frame_entry){packet->pts, i, key};
    }
    av_free(keys);
    qsort(index->frames, (size_t)index->frame_count, sizeof *index->frames, compare_times);
    for (int32_t i = 1; i < index->frame_count; i++)
        index->has_times &= index->frames[i].time != index->frames[i - 1].time;
    return PPMA_OK;
}

static int32_t read_rotation(const AVStream *stream)
{
#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
    const AVCodecParameters *codec = stream->codecpar;
    const AVPacketSideData *data =
        av_packet_side_data_get(codec->coded_side_data, codec->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
    const uint8_t *matrix = data && data->size >= 9 * sizeof(int32_t) ? data->data : NULL;
#else
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    const uint8_t *matrix = size >= 9 * sizeof(int32_t) ? data : NULL;
#endif
    double anticlockwise = matrix ? av_display_rotation_get((const int32_t *)(const void *)matrix) : 0;
    return isnan(anticlockwise) ? 0 : (int32_t)(lrint(360 - anticlockwise) % 360);
}

static int read_stream(clip_index *index, AVFormatContext *format, const memory_reader *reader, ppma_error *error)
{
    int code = 0;
    if (has_complete_headers(format))
        format->flags |= AVFMT_FLAG_NOPARSE; // parsers would only find again what the container says
    else
        code = avformat_find_stream_info(format, NULL);
    if (code < 0)
        return ppma_fail_av(error, code, "reading the stream headers");
    int position = find_video_stream(format);
    if (position < 0)
        return ppma_fail(error, PPMA_NO_VIDEO_STREAM, "none of the %u streams is video", format->nb_streams);
    for (unsigned i = 0; i < format->nb_streams; i++)
        if ((int)i != position)
            format->streams[i]->discard = AVDISCARD_ALL;

    AVStream *stream = format->streams[position];
    index->codec = avcodec_parameters_alloc();
    if (!index->codec || avcodec_parameters_copy(index->codec, stream->codecpar) < 0)
        return ppma_fail_av(error, AVERROR(ENOMEM), "reading the stream headers");
    index->rotation = read_rotation(stream);
    index->time_base = stream->time_base;
    if (index->time_base.num <= 0 || index->time_base.den <= 0)
        return ppma_fail(error, PPMA_CORRUPT, "the time base is %d/%d", index->time_base.num, index->time_base.den);

    int reason = read_packets(index, format, position, reader, error);
    if (reason == PPMA_OK && memory_reader_is_cut(reader))
        reason = ppma_fail(error, PPMA_TRUNCATED, "the container states a length beyond its %lld bytes", (long long)reader->size);
    if (reason == PPMA_OK)
        reason = list_frames(index, error);
    if (reason == PPMA_OK && index->frame_count == 0)
        reason = ppma_fail(error, PPMA_ZERO_LENGTH, "the video stream holds no frame");
    if (reason != PPMA_OK)
        return reason;

    // A stream's start is known only once its packets have been seen.
    index->start = stream->start_time != AV_NOPTS_VALUE ? stream->start_time : index->has_times ? index->frames[0].time : 0;
    index->frame_rate = stream->avg_frame_rate.num > 0 && stream->avg_frame_rate.den > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
    return PPMA_OK;
}

int clip_index_read(clip_index *index, const uint8_t *data, int64_t size, ppma_error *error)
{
    memory_reader reader = {.data = data, .size = size};
    AVIOContext *io = memory_reader_open(&reader);
    AVFormatContext *format = avformat_alloc_context();
    AVDictionary *options = NULL;
    int reason = PPMA_OK;
    if (!io || !format || av_dict_set(&options, "format_whitelist", container_whitelist, 0) < 0) {
        reason = ppma_fail_av(error, AVERROR(ENOMEM), "opening the file");
        avformat_free_context(format);
        format = NULL;
    } else {
        format->pb = io;
        format->io_open = refuse_other_files;
        int code = avformat_open_input(&format, NULL, NULL, &options);
        if (code < 0)
            reason = reader.went_past_end || memory_reader_is_cut(&reader) || memory_reader_has_cut_box(&reader)
                         ? ppma_fail(error, PPMA_TRUNCATED, "the container's header lies beyond the file's %lld bytes", (long long)size)
                         : ppma_fail_av(error, code, "reading the container's header");
        else
            reason = read_stream(index, format, &reader, error);
    }
    av_dict_free(&options);
    avformat_close_input(&format);
    memory_reader_close(&io);
    return reason;
}

void clip_index_free(clip_index *index)
{
    for (int32_t i = 0; i < index->packet_count; i++)
        av_packet_free(&index->packets[i]);
    av_freep(&index->packets);
    av_freep(&index->frames);
    avcodec_parameters_free(&index->codec);
}

double clip_index_seconds(const clip_index *index, int32_t frame)
{
    return ((double)index->frames[frame].time - (double)index->start) * index->time_base.num / index->time_base.den;
}

double clip_index_duration(const clip_index *index)
{
    int32_t last = index->frame_count - 1;
    double end = clip_index_seconds(index, last);
    int32_t packet = index->frames[last].packet;
    int64_t length = packet >= 0 ? index->packets[packet]->duration : 0;
    if (length > 0)
        return end + (double)length * index->time_base.num / index->time_base.den;
    if (index->frame_rate.num > 0 && index->frame_rate.den > 0)
        return end + (double)index->frame_rate.den / index->frame_rate.num;
    return last > 0 ? end + (end - clip_index_seconds(index, 0)) / last : end;
}

int32_t clip_index_find(const clip_index *index, int64_t time)
{
    frame_entry wanted = {.time = time};
    const frame_entry *found = bsearch(&wanted, index->frames, (size_t)index->frame_count, sizeof wanted, compare_times);
    return found ? (int32_t)(found - index->frames) : -1;
}
