using System.CommandLine;
using System.Globalization;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Scanning;
using Ppma.Datasets.Stores;

namespace Ppma.Cli.Datasets;

/// <summary><c>ppma dataset index</c>: makes existing shards a data set, in place.</summary>
internal static class IndexCommand
{
    private static readonly Option<HumanPresence> Humans = new("--humans")
    {
        Description = "Who is in the footage: None, Removed, Synthetic or Real.",
        Required = true,
    };

    private static readonly Option<string> Licence = new("--licence")
    {
        Description = "SPDX identifier, or the terms in words.",
        DefaultValueFactory = _ => "unknown",
        HelpName = "TEXT",
    };

    private static readonly Option<string?> Name = new("--name") { Description = "Name of the data set. Default: the last part of the URI.", HelpName = "TEXT" };

    private static readonly Option<FileInfo?> Classes = new("--classes")
    {
        Description = "File of class names, one a line in the order of the labels. Default: what the samples say.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Split = new("--split")
    {
        Description = "Split of all shards. Default: as their names say (train-000000.tar, train/…).",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Video = new("--video")
    {
        Description = "Column that holds the video. Default: the only one that can (mp4, webm, …).",
        HelpName = "COLUMN",
    };

    private static readonly Option<bool> Hash = new("--hash")
    {
        Description = "Read every byte and record hashes, instead of headers and ETags alone. Always so for local files, which have no ETags.",
    };

    private static readonly Option<int> Parallel = new("--parallel")
    {
        Description = "Shards that are read at a time.",
        DefaultValueFactory = _ => 8,
        HelpName = "N",
    };

    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace an index that is there." };

    public static Command Create()
    {
        Command command = new("index", "Make existing WebDataset tars or MDS shards a data set: writes index.json and .idx files beside them.")
        {
            DatasetArguments.Uri, Humans, Licence, Name, Classes, Split, Video, Hash, Parallel, Overwrite, DatasetArguments.Credentials,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        IBlobStore store = DatasetArguments.OpenStore(options);
        FileInfo? classes = options.GetValue(Classes);
        bool isHashed = options.GetValue(Hash) || !store.IsRemote;
        var indexing = new IndexingOptions
        {
            Humans = options.GetValue(Humans),
            Licence = options.GetRequiredValue(Licence),
            Name = options.GetValue(Name),
            Classes = classes is null ? null : await ClassFile.ReadAsync(classes.FullName, cancellationToken),
            Split = options.GetValue(Split),
            VideoColumn = options.GetValue(Video),
            Hash = isHashed,
            ParallelShards = options.GetValue(Parallel),
            Overwrite = options.GetValue(Overwrite),
        };
        TextWriter error = options.InvocationConfiguration.Error;
        await error.WriteLineAsync(isHashed
            ? store.IsRemote ? "reading every byte" : "reading every byte: local files have no ETags that could vouch for them"
            : "reading headers only; --hash reads every byte");
        (DatasetIndex index, string digest, string fileName) =
            await DatasetIndexer.IndexAsync(store, indexing, new ProgressLine(error), cancellationToken);
        await WriteSummaryAsync(options.InvocationConfiguration.Output, store, index, digest, fileName);
        return 0;
    }

    private static async Task WriteSummaryAsync(TextWriter output, IBlobStore store, DatasetIndex index, string digest, string fileName)
    {
        await output.WriteLineAsync($"index     {store.Locate(fileName)}");
        await output.WriteLineAsync($"classes   {index.Classes.Count}");
        foreach (string split in index.Splits)
        {
            List<ShardEntry> shards = [.. index.Shards.Where(shard => shard.Split == split)];
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"split     {split}: {shards.Sum(shard => (long)shard.Samples):N0} samples, {shards.Count:N0} shards, {shards.Sum(shard => shard.Bytes):N0} bytes"));
        }

        await output.WriteLineAsync($"digest    {digest}");
        await output.WriteLineAsync(index.Hashing == ShardHashing.Sha256
            ? "          covers every byte, by SHA-256"
            : "          covers the samples' places, keys and labels, and the shards' ETags: that the bytes stay is the storage's word (--hash reads them)");
    }

    /// <summary>One line that is written over; nothing where standard error is no terminal.</summary>
    private sealed class ProgressLine(TextWriter error) : IProgress<IndexingProgress>
    {
        public void Report(IndexingProgress value)
        {
            if (!Console.IsErrorRedirected)
            {
                string end = value.ShardsDone == value.Shards ? "\r\u001b[K" : "";
                error.Write(string.Create(
                    CultureInfo.InvariantCulture,
                    $"\r{value.ShardsDone} of {value.Shards} shards, {value.Samples:N0} samples, {value.BytesRead / 1e6:N0} MB read{end}"));
            }
        }
    }
}
