#include "memory_reader.h"

#include <libavutil/error.h>
#include <libavutil/intreadwrite.h>
#include <libavutil/mem.h>
#include <string.h>

enum { BUFFER_BYTES = 32768 };

static int read_bytes(void *opaque, uint8_t *buffer, int size)
{
    memory_reader *reader = opaque;
    int64_t left = reader->size - reader->position;
    if (left <= 0)
        return AVERROR_EOF;
    if (size > left)
        size = (int)left;
    memcpy(buffer, reader->data + reader->position, (size_t)size);
    reader->position += size;
    return size;
}

static int64_t seek_to(void *opaque, int64_t offset, int whence)
{
    memory_reader *reader = opaque;
    if (whence & AVSEEK_SIZE)
        return reader->size;
    switch (whence & ~AVSEEK_FORCE) {
    case SEEK_SET:
        break;
    case SEEK_CUR:
        offset += reader->position;
        break;
    case SEEK_END:
        offset += reader->size;
        break;
    default:
        return AVERROR(EINVAL);
    }
    if (offset < 0)
        return AVERROR(EINVAL);
    if (offset > reader->size) {
        reader->went_past_end = true;
        return AVERROR(EINVAL);
    }
    return reader->position = offset;
}

AVIOContext *memory_reader_open(memory_reader *reader)
{
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    if (!buffer)
        return NULL;
    AVIOContext *io = avio_alloc_context(buffer, BUFFER_BYTES, 0, reader, read_bytes, NULL, seek_to);
    if (!io)
        av_free(buffer);
    return io;
}

void memory_reader_close(AVIOContext **io)
{
    if (*io)
        av_freep(&(*io)->buffer);
    avio_context_free(io);
}

// An EBML length: the leading zeros of its first byte say how many bytes follow. False when unknown (all ones) or cut.
static bool read_ebml_length(const memory_reader *reader, int64_t *position, int64_t *length)
{
    if (*position >= reader->size)
        return false;
    uint8_t first = reader->data[*position];
    int bytes = 1;
    while (bytes <= 8 && !(first & (0x100 >> bytes)))
        bytes++;
    if (bytes > 8 || reader->size - *position < bytes)
        return false;
    uint64_t value = first & ((0x100u >> bytes) - 1);
    for (int i = 1; i < bytes; i++)
        value = value << 8 | reader->data[*position + i];
    *position += bytes;
    *length = (int64_t)value;
    return value != (UINT64_C(1) << (7 * bytes)) - 1;
}

static bool is_matroska_cut(const memory_reader *reader)
{
    int64_t position = 4, length;
    if (!read_ebml_length(reader, &position, &length) || length > reader->size - position - 4)
        return true;
    position += length;
    if (AV_RB32(reader->data + position) != 0x18538067) // Segment
        return false;
    position += 4;
    return read_ebml_length(reader, &position, &length) && length > reader->size - position;
}

bool memory_reader_is_cut(const memory_reader *reader)
{
    if (reader->size < 12)
        return false;
    if (!memcmp(reader->data, "RIFF", 4))
        return AV_RL32(reader->data + 4) != UINT32_MAX && (int64_t)AV_RL32(reader->data + 4) > reader->size - 8;
    if (AV_RB32(reader->data) == 0x1A45DFA3) // EBML
        return is_matroska_cut(reader);
    return false;
}

bool memory_reader_has_cut_box(const memory_reader *reader)
{
    if (reader->size < 8 || memcmp(reader->data + 4, "ftyp", 4))
        return false;
    int64_t position = 0;
    while (reader->size - position >= 16) {
        uint64_t length = AV_RB32(reader->data + position);
        if (length == 1)
            length = AV_RB64(reader->data + position + 8);
        if (length > (uint64_t)(reader->size - position))
            return true;
        if (length < 8)
            return false;
        position += (int64_t)length;
    }
    return position < reader->size;
}
