// Decoding, encoding and re-encoding of short video clips held in memory, over FFmpeg's libraries (5 to 7).
// Every call returns one of ppma_reason and, when it is not PPMA_OK, a message in *error.
// A decoder belongs to one thread at a time; different decoders are independent.
#ifndef PPMA_VIDEO_H
#define PPMA_VIDEO_H

#include <stddef.h>
#include <stdint.h>

#define PPMA_API __attribute__((visibility("default")))

typedef enum ppma_reason {
    PPMA_OK = 0,
    PPMA_CORRUPT = 1,
    PPMA_TRUNCATED = 2,
    PPMA_EMPTY = 3,
    PPMA_NO_VIDEO_STREAM = 4,
    PPMA_ZERO_LENGTH = 5,
    PPMA_UNSUPPORTED = 6,
    PPMA_TOO_LARGE = 7,
    PPMA_INVALID_ARGUMENT = 8,
    // Decoding showed that the container had the frame times or the size wrong. The decoder now knows better:
    // ask for info and times again, choose again, read again.
    PPMA_REVISED = 9,
    // Encoding failed; the video that was to be encoded is not at fault.
    PPMA_ENCODER_FAILED = 10,
} ppma_reason;

typedef struct ppma_error {
    char message[256];
} ppma_error;

typedef struct ppma_video_info {
    int32_t width;
    int32_t height;
    int32_t frame_count;
    double duration_seconds; // end of the last frame, relative to the stream's start
} ppma_video_info;

typedef struct ppma_encoder_settings {
    int32_t width; // even
    int32_t height; // even
    int32_t frame_rate_numerator;
    int32_t frame_rate_denominator;
    int32_t key_frame_interval; // frames
    int32_t quality; // x264's constant rate factor, 0 (lossless) to 51
    const char *preset; // x264's preset
} ppma_encoder_settings;

typedef struct ppma_transcode_settings {
    int32_t short_side; // even; pictures with a longer one are scaled down to it, others keep their size
    int32_t quality; // x264's constant rate factor, 0 (lossless) to 51
    const char *preset; // x264's preset
    int64_t max_pixels; // of a source picture
    int32_t accepts_lost_frames; // not 0: what cannot be decoded is left out instead of an error
} ppma_transcode_settings;

typedef struct ppma_transcode_facts {
    int32_t width;
    int32_t height;
    int32_t frame_count;
    double duration_seconds; // end of the last frame, relative to the first

    // The source.
    char codec[32];
    char pixel_format[32];
    char matrix[32]; // of the colours, as FFmpeg calls it
    int32_t matrix_is_tagged; // 0: assumed from the size
    int32_t is_full_range;
    int32_t source_width;
    int32_t source_height;
    int32_t source_frame_count; // that the container has packets for
    int32_t rotation_degrees; // by which a player would turn the pictures clockwise, 0 to 359
    double first_seconds; // when the first frame is shown, by the container's clock
} ppma_transcode_facts;

typedef struct ppma_decoder ppma_decoder;
typedef struct ppma_transcoder ppma_transcoder;
typedef struct ppma_sequence ppma_sequence;

// Settings that FFmpeg keeps per process: no output on stderr, no single allocation above max_allocation_bytes.
PPMA_API void ppma_video_initialize(size_t max_allocation_bytes);

// The FFmpeg that was loaded, as it calls itself, for example "5.1.8-0+deb12u1". Static; never freed.
PPMA_API const char *ppma_ffmpeg_version(void);

// Demuxes the whole file: the data is not needed afterwards. Nothing is decoded unless frame times are missing.
PPMA_API int ppma_decoder_open(const uint8_t *data, int64_t size, int64_t max_pixels, ppma_decoder **decoder, ppma_error *error);
PPMA_API void ppma_decoder_info(const ppma_decoder *decoder, ppma_video_info *info);

// Seconds of every frame relative to the stream's start, in presentation order; room for info.frame_count values.
PPMA_API void ppma_decoder_times(const ppma_decoder *decoder, double *seconds);

// Decodes the frames with these indices (ascending, repeats allowed) into rgb: count x height x width x 3 bytes.
// At the video's own size the pixels are those of an unscaled conversion; at another they are scaled bilinearly.
PPMA_API int ppma_decoder_read(ppma_decoder *decoder, const int32_t *frames, int32_t count, int32_t width, int32_t height, uint8_t *rgb,
                               ppma_error *error);

// Packets handed to the codec and frames it gave back since the decoder was opened.
PPMA_API void ppma_decoder_work(const ppma_decoder *decoder, int64_t *packets_sent, int64_t *frames_decoded);
PPMA_API void ppma_decoder_close(ppma_decoder *decoder);

// Encodes count frames of width x height x 3 bytes as H.264 in MP4. The bytes are freed with ppma_video_free.
PPMA_API int ppma_encode_h264(const ppma_encoder_settings *settings, const uint8_t *rgb, int32_t count, uint8_t **data, int64_t *size,
                              ppma_error *error);
PPMA_API void ppma_video_free(uint8_t *data);

// Re-encodes a video for training: H.264 in MP4, BT.601 of limited range, every frame at its time relative to the first.
// Opening demuxes the whole file: the data is not needed afterwards, and the preset neither.
PPMA_API int ppma_transcoder_open(const uint8_t *data, int64_t size, const ppma_transcode_settings *settings, ppma_transcoder **transcoder,
                                  ppma_error *error);

// Works through this many packets; *packets_left is 0 after the last.
PPMA_API int ppma_transcoder_step(ppma_transcoder *transcoder, int32_t packets, int32_t *packets_left, ppma_error *error);

// After the last step: the file, whose bytes are freed with ppma_video_free.
PPMA_API int ppma_transcoder_finish(ppma_transcoder *transcoder, uint8_t **data, int64_t *size, ppma_transcode_facts *facts,
                                    ppma_error *error);
PPMA_API void ppma_transcoder_close(ppma_transcoder *transcoder);

// Encodes pictures (JPEG or PNG files of one size), one after the other at a constant rate, as a transcoder would.
PPMA_API int ppma_sequence_open(const ppma_transcode_settings *settings, int32_t frame_rate_numerator, int32_t frame_rate_denominator,
                                ppma_sequence **sequence, ppma_error *error);
PPMA_API int ppma_sequence_add(ppma_sequence *sequence, const uint8_t *data, int64_t size, ppma_error *error);
PPMA_API int ppma_sequence_finish(ppma_sequence *sequence, uint8_t **data, int64_t *size, ppma_transcode_facts *facts, ppma_error *error);
PPMA_API void ppma_sequence_close(ppma_sequence *sequence);

#endif
