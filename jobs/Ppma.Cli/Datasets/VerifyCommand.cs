using System.CommandLine;
using System.Globalization;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Reading;

namespace Ppma.Cli.Datasets;

/// <summary><c>ppma dataset verify</c>: checks a data set; exit code 65 where a hash or the digest differs, 1 for any other fault.</summary>
internal static class VerifyCommand
{
    private static readonly Option<bool> ReadShards = new("--read-shards")
    {
        Description = "Read every byte and compare hashes, not only sizes.",
    };

    private static readonly Option<string?> Digest = new("--digest")
    {
        Description = "Digest that the data set must have.",
        HelpName = "SHA256",
    };

    public static Command Create()
    {
        Command command = new("verify", "Check a data set's files against its index.")
        {
            DatasetArguments.Uri, ReadShards, Digest, DatasetArguments.Credentials,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        bool readShards = options.GetValue(ReadShards);
        (DatasetIndex index, string digest) = await DatasetVerifier.VerifyAsync(
            DatasetArguments.OpenStore(options), options.GetValue(Digest), readShards, cancellationToken: cancellationToken);
        string extent = (readShards, index.Hashing) switch
        {
            (false, _) => "sizes and offsets checked, shards not read",
            (true, ShardHashing.Sha256) => "every byte read",
            _ => "the shards' headers read, but not every byte: the index has ETags for hashes",
        };
        await options.InvocationConfiguration.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"ok        {index.Samples:N0} samples in {index.Shards.Count} shards, {index.Bytes:N0} bytes; {extent}"));
        await options.InvocationConfiguration.Output.WriteLineAsync($"digest    {digest}");
        return 0;
    }
}
