using System.Buffers;
using System.CommandLine;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Cli.Datasets;

/// <summary><c>ppma dataset cat</c>: one sample's bytes.</summary>
internal static class CatCommand
{
    private static readonly Argument<string> Key = new("KEY") { Description = "Key of the sample, as `ppma dataset ls --samples` lists it." };

    private static readonly Option<bool> Metadata = new("--metadata") { Description = "Write the sample's JSON instead of its video." };

    /// <param name="openOutput">Opens standard output for bytes; null where it is a terminal.</param>
    public static Command Create(Func<Stream?> openOutput)
    {
        Command command = new("cat", "Write a sample's video, its hash checked, to standard output.")
        {
            DatasetArguments.Uri, Key, Metadata, DatasetArguments.Credentials,
        };
        command.SetAction((options, cancellationToken) => RunAsync(options, openOutput, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult options, Func<Stream?> openOutput, CancellationToken cancellationToken)
    {
        string key = options.GetRequiredValue(Key);
        (Dataset dataset, SampleRef sample) = await FindAsync(DatasetArguments.OpenStore(options), key, cancellationToken);
        if (options.GetValue(Metadata))
        {
            byte[] json = await dataset.ReadMetadataAsync(sample, cancellationToken);
            await options.InvocationConfiguration.Output.WriteLineAsync(System.Text.Encoding.UTF8.GetString(json));
            return 0;
        }

        using IMemoryOwner<byte> video = await dataset.ReadVideoAsync(sample, cancellationToken);
        await using Stream output = openOutput()
            ?? throw new TaskFailedException(1, $"A video is no text for a terminal. Send it to a file: ppma dataset cat {options.GetRequiredValue(DatasetArguments.Uri)} {key} > {key}.mp4");
        await output.WriteAsync(video.Memory, cancellationToken);
        return 0;
    }

    private static async Task<(Dataset Dataset, SampleRef Sample)> FindAsync(IBlobStore store, string key, CancellationToken cancellationToken)
    {
        (DatasetIndex index, _) = await DatasetVerifier.VerifyAsync(store, cancellationToken: cancellationToken);
        foreach (string split in index.Splits)
        {
            Dataset dataset = await Dataset.OpenAsync(store, split, cancellationToken: cancellationToken);
            if (await dataset.FindAsync(key, cancellationToken) is { } ordinal)
            {
                return (dataset, await dataset.GetAsync(ordinal, cancellationToken));
            }
        }

        throw new TaskFailedException(
            1, $"{store.Locate(DatasetIndex.FileName)}: there is no sample '{key}'. `ppma dataset ls --samples` lists the keys.");
    }
}
