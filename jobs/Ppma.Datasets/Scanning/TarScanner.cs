using Ppma.Datasets.Stores;
using Ppma.Datasets.Tar;

namespace Ppma.Datasets.Scanning;

/// <summary>Finds the samples of a WebDataset tar: consecutive members of one key.</summary>
internal static class TarScanner
{
    /// <exception cref="DatasetFormatException">The file is no tar, or a sample is none.</exception>
    public static async Task<List<ScannedSample>> ScanAsync(FileWindow file, string? videoColumn, CancellationToken cancellationToken)
    {
        var samples = new List<ScannedSample>();
        TarSample? open = null;
        await foreach (TarMember member in TarReader.ReadAsync(file, cancellationToken).ConfigureAwait(false))
        {
            if (!MemberName.TrySplit(member.Name, out string key, out string column))
            {
                continue;
            }

            if (open?.Key != key)
            {
                if (open is not null)
                {
                    samples.Add(open.Complete());
                }

                open = new TarSample(file, key, videoColumn);
            }

            await open.AddAsync(column, member, cancellationToken).ConfigureAwait(false);
        }

        if (open is not null)
        {
            samples.Add(open.Complete());
        }

        return samples;
    }
}
