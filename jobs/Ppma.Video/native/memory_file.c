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
    if (offset < 0 || offset > file->size)
        return AVERROR(EINVAL);
    return file->position = offset;
}

AVIOContext *memory_file_open(memory_file *file)
{
    uint8_t *buffer = av_malloc(BUFFER_BYTES);
    if (!buffer)
        return NULL;
    AVIOContext *io = avio_alloc_context(buffer, BUFFER_BYTES, 1, file, NULL, write_bytes, seek_to);
    if (!io)
        av_free(buffer);
    return io;
}

void memory_file_close(AVIOContext **io)
{
    if (*io)
        av_freep(&(*io)->buffer);
    avio_context_free(io);
}
