#ifndef PPMA_CLIP_CODEC_H
#define PPMA_CLIP_CODEC_H

#include "clip_index.h"

// Opens the decoder of the clip's codec, on the calling thread. *codec is the caller's to free, also after an error.
int clip_codec_open(const clip_index *index, int64_t max_pixels, AVCodecContext **codec, ppma_error *error);

#endif
