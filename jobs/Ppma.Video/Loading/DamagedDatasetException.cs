namespace Ppma.Video.Loading;

/// <summary>Too many clips of a data set cannot be decoded; the message names set, shard and clip.</summary>
public sealed class DamagedDatasetException(string message, Exception? innerException = null)
    : Exception(message, innerException);
