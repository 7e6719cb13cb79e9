#include "clip_codec.h"

int clip_codec_open(const clip_index *index, int64_t max_pixels, AVCodecContext **codec, ppma_error *error)
{
    const AVCodecParameters *parameters = index->codec;
    if ((int64_t)parameters->width * parameters->height > max_pixels)
        return ppma_fail(error, PPMA_TOO_LARGE, "%dx%d is more than %lld pixels", parameters->width, parameters->height,
                         (long long)max_pixels);
    const AVCodec *decoder = avcodec_find_decoder(parameters->codec_id);
    if (!decoder)
        return ppma_fail(error, PPMA_UNSUPPORTED, "this FFmpeg has no decoder for %s", avcodec_get_name(parameters->codec_id));
    *codec = avcodec_alloc_context3(decoder);
    if (!*codec)
        return ppma_fail_av(error, AVERROR(ENOMEM), "opening the decoder");
    int code = avcodec_parameters_to_context(*codec, parameters);
    (*codec)->thread_count = 1;
    (*codec)->max_pixels = max_pixels;
    (*codec)->pkt_timebase = index->time_base;
    if (code >= 0)
        code = avcodec_open2(*codec, decoder, NULL);
    return code < 0 ? ppma_fail_av(error, code, "opening the decoder") : PPMA_OK;
}
