using System.CommandLine;
using System.Globalization;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;
using Ppma.Datasets.Stores;

namespace Ppma.Cli.Datasets;

/// <summary><c>ppma dataset ls</c>: what a data set is, and on request every sample.</summary>
internal static class ListCommand
{
    private static readonly Option<bool> Samples = new("--samples")
    {
        Description = "List every sample instead: split, key, class, bytes, shard; separated by tabs.",
    };

    public static Command Create()
    {
        Command command = new("ls", "Say what a data set is: who is in it, classes, splits, shards, digest.")
        {
            DatasetArguments.Uri, Samples, DatasetArguments.Credentials,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        IBlobStore store = DatasetArguments.OpenStore(options);
        TextWriter output = options.InvocationConfiguration.Output;
        (DatasetIndex index, string digest) = await DatasetVerifier.VerifyAsync(store, cancellationToken: cancellationToken);
        if (options.GetValue(Samples))
        {
            await WriteSamplesAsync(store, index, output, cancellationToken);
            return 0;
        }

        await output.WriteLineAsync($"name      {index.Name}");
        await output.WriteLineAsync($"humans    {index.Humans}");
        await output.WriteLineAsync($"licence   {index.Licence}");
        await output.WriteLineAsync($"digest    {digest}");
        await output.WriteLineAsync($"classes   {index.Classes.Count}: {string.Join(", ", index.Classes)}");
        foreach (string split in index.Splits)
        {
            List<ShardEntry> shards = [.. index.Shards.Where(shard => shard.Split == split)];
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"split     {split}: {shards.Sum(shard => (long)shard.Samples):N0} samples, {shards.Count} shards, {shards.Sum(shard => shard.Bytes):N0} bytes"));
        }

        return 0;
    }

    private static async Task WriteSamplesAsync(
        IBlobStore store, DatasetIndex index, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (string split in index.Splits)
        {
            Dataset dataset = await Dataset.OpenAsync(store, split, cancellationToken: cancellationToken);
            for (int ordinal = 0; ordinal < dataset.Count; ordinal++)
            {
                SampleRef sample = await dataset.GetAsync(ordinal, cancellationToken);
                string name = sample.Record.Label < 0 ? "-" : index.Classes[sample.Record.Label];
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{split}\t{sample.Record.Key}\t{name}\t{sample.Record.Length}\t{sample.Shard.Name}"));
            }
        }
    }
}
