#include "error.h"

#include <libavutil/error.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <stdarg.h>
#include <stdio.h>

void ppma_video_initialize(size_t max_allocation_bytes)
{
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(max_allocation_bytes);
}

const char *ppma_ffmpeg_version(void)
{
    return av_version_info();
}

void ppma_video_free(uint8_t *data)
{
    av_free(data);
}

int ppma_fail(ppma_error *error, ppma_reason reason, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return reason;
}

static ppma_reason reason_of(int code)
{
    switch (code) {
    case AVERROR_DECODER_NOT_FOUND:
    case AVERROR_ENCODER_NOT_FOUND:
    case AVERROR_DEMUXER_NOT_FOUND:
    case AVERROR_MUXER_NOT_FOUND:
    case AVERROR_PATCHWELCOME:
    case AVERROR(ENOSYS):
        return PPMA_UNSUPPORTED;
    case AVERROR(ENOMEM):
        return PPMA_TOO_LARGE;
    default:
        return PPMA_CORRUPT;
    }
}

int ppma_fail_av(ppma_error *error, int code, const char *doing)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = {0};
    av_strerror(code, text, sizeof text);
    return ppma_fail(error, reason_of(code), "%s while %s", text, doing);
}
