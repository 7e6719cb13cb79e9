#ifndef PPMA_PICTURE_WRITER_H
#define PPMA_PICTURE_WRITER_H

#include "mp4_writer.h"
#include "yuv_converter.h"

// Writes decoded pictures of one size, shown at rising times, as a video for training: scaled down to a short side,
// BT.601, a key frame at least every second, the first picture at time 0 and all the others at the same distance from it.
typedef struct picture_writer {
    ppma_transcode_settings settings;
    char preset[32];
    AVRational time_base, frame_rate;
    const AVCodecParameters *container; // colour tags for pictures without; may be NULL
    yuv_converter converter;
    mp4_writer mp4;
    AVFrame *held; // the last picture: whether it is a key frame depends on when the next one is shown
    AVFrame *next;
    int source_width, source_height, source_format;
    picture_colours source_colours; // of the first picture
    int64_t first_time, last_key;
    int32_t count;
} picture_writer;

int picture_writer_set(picture_writer *writer, const ppma_transcode_settings *settings, ppma_error *error);

// `time` must be later than the one before.
int picture_writer_add(picture_writer *writer, const AVFrame *picture, int64_t time, ppma_error *error);

// Ends the file and gives its bytes away. Fills what the pictures tell of *facts. There must be a picture.
int picture_writer_finish(picture_writer *writer, int64_t last_duration, uint8_t **data, int64_t *size, ppma_transcode_facts *facts,
                          ppma_error *error);
void picture_writer_close(picture_writer *writer);

#endif
