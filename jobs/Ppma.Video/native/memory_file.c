#include "memory_file.h"

#include <libavformat/version.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
#include <string.h>

enum { BUFFER_BYTES = 32768 };

#if LIBAVFORMAT_VERSION_MAJOR >= 61
typedef const uint8_t written_byte;
#else
typedef uint8_t written_byte;
#endif

static int write_bytes(void *opaque, written_byte *buffer, int size)
{
    memory_file *file = opaque;
    int64_t end = file->position + size;
    if (end > file->capacity) {
        int64_t capacity = end > 2 * file->capacity ? end : 2 * file->capacity;
        uint8_t *data = av_realloc(file->data, (size_t)capacity);
        if (!data)
            return AVERROR(ENOMEM);
        file->data = data;
        file->capacity = capacity;
    }
    if (file->position > file->size) // as in any file, what was jumped over is zero
        memset(file->data + file->size, 0, (size_t)(file->position - file->size));
    memcpy(file->data + file->position, buffer, (size_t)size);
    file->position = end;
    if (end > file->size)
        file->size = end;
    return size;
}

static int64_t seek_to(void *opaque, int64_t offset, int whence)
{
    memory_file *file = opaque;
    if (whence & AVSEEK_SIZE)
        return file->size;
    if (whence == SEEK_CUR)
        offset += file->position;
    else if (whence == SEEK_END)
        offset += file->size;
    if (offset < 0)
        return AVERROR(EINVAL);
    return file->position = offset;
}

static int read_again(void *opaque, uint8_t *buffer, int size)
{
    memory_file_again *again = opaque;
    int64_t left = again->file->size - again->position;
    if (left <= 0)
        return AVERROR_EOF;
    if (size > left)
        size = (int)left;
    memcpy(buffer, again->file->data + again->position, (size_t)size);
    again->position += size;
    return size;
}

static int64_t seek_again(void *opaque, int64_t offset, int whence)
{
    memory_file_again *again = opaque;
    if (whence & AVSEEK_SIZE)
        return again->file->size;
    if ((whence & ~AVSEEK_FORCE) != SEEK_SET || offset < 0)
        return AVERROR(EINVAL);
    return again->position = offset;
}

static AVIOContext *open_io(AVIOContext *(*allocate)(uint8_t *buffer, void *opaque), void *opaque)
{
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    if (!buffer)
        return NULL;
    AVIOContext *io = allocate(buffer, opaque);
    if (!io)
        av_free(buffer);
    return io;
}

static AVIOContext *allocate_writer(uint8_t *buffer, void *opaque)
{
    return avio_alloc_context(buffer, BUFFER_BYTES, 1, opaque, NULL, write_bytes, seek_to);
}

static AVIOContext *allocate_reader(uint8_t *buffer, void *opaque)
{
    return avio_alloc_context(buffer, BUFFER_BYTES, 0, opaque, read_again, NULL, seek_again);
}

AVIOContext *memory_file_open(memory_file *file)
{
    return open_io(allocate_writer, file);
}

AVIOContext *memory_file_open_again(memory_file_again *again)
{
    return open_io(allocate_reader, again);
}

void memory_file_close(AVIOContext **io)
{
    if (*io)
        av_freep(&(*io)->buffer);
    avio_context_free(io);
}
