using Microsoft.Win32.SafeHandles;

namespace Ppma.Datasets.Caching;

/// <summary>An answer to who wants room for a shard.</summary>
/// <param name="Outcome">What the folder says.</param>
/// <param name="File">With room: the file to fill, empty, of the shard's size, exclusively locked.</param>
/// <param name="Path">With room: the file's path. With a peer: the path of the peer's file.</param>
internal readonly record struct Reservation(ReservationOutcome Outcome, SafeFileHandle? File = null, string? Path = null);
