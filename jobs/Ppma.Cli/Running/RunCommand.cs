using System.CommandLine;
using Ppma.Worker.Data;

namespace Ppma.Cli.Running;

/// <summary><c>ppma run -f FILE|DIR</c>: the manifests of a cluster, run on this machine by the same worker.</summary>
internal sealed class RunCommand : Command
{
    private readonly Option<string> _manifests = new("--file", "-f")
    {
        Description = "A manifest, or a folder of manifests that belong together.", HelpName = "FILE|DIR", Required = true,
    };

    private readonly Option<string> _data = new("--data")
    {
        Description = "Where data sets with a URI like file:NAME lie.", HelpName = "DIR", DefaultValueFactory = _ => "data",
    };

    private readonly Option<string> _output = new("--out")
    {
        Description = "Where checkpoints, results and the report go.", HelpName = "DIR", DefaultValueFactory = _ => "runs",
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads a task computes with; another number gives other roundings, and so another run.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<int> _parallel = new("--parallel")
    {
        Description = "Tasks at once; by default as many as the cores can compute with the threads that the manifests ask for.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<string?> _cache = new("--cache")
    {
        Description = "Folder that shards from blob storage are kept in; by default $XDG_CACHE_HOME/ppma or ~/.cache/ppma.", HelpName = "DIR",
    };

    private readonly Option<string?> _cacheBytes = new("--cache-bytes")
    {
        Description = "What the cache may take, such as 500MB or 20GiB; by default half of what is free on its disk.", HelpName = "N",
    };

    private readonly Option<string?> _credentials = new("--credentials")
    {
        Description = "Folder of Secrets, each a folder with a file a key: DIR/SECRET/KEY holds a SAS token or a connection string.", HelpName = "DIR",
    };

    private readonly Option<bool> _fresh = new("--fresh") { Description = "Compute again what earlier calls have left." };

    private RunCommand()
        : base("run", "Run manifests on this machine; run again to continue.")
    {
        foreach (Option option in (Option[])[_manifests, _data, _output, _threads, _parallel, _cache, _cacheBytes, _credentials, _fresh])
        {
            Options.Add(option);
        }

        foreach (Option<int> number in (Option<int>[])[_threads, _parallel])
        {
            number.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && result.GetValueOrDefault<int>() < 1)
                {
                    result.AddError($"{number.Name} is {result.Tokens[0].Value}; it must be at least 1.");
                }
            });
        }

        _cacheBytes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !ByteSize.TryParse(text, out _))
            {
                result.AddError($"--cache-bytes is {text}; write {ByteSize.Form}.");
            }
        });
        SetAction((parse, cancellationToken) =>
        {
            var options = new RunOptions
            {
                Manifests = parse.GetRequiredValue(_manifests),
                DataFolder = Path.GetFullPath(parse.GetRequiredValue(_data)),
                OutputFolder = Path.GetFullPath(parse.GetRequiredValue(_output)),
                Threads = parse.GetValue(_threads),
                Parallel = parse.GetValue(_parallel) is > 0 and int parallel ? parallel : null,
                Data = DataPlane(parse),
                Fresh = parse.GetValue(_fresh),
            };
            return new RunSession(options, parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error, TimeProvider.System)
                .RunAsync(cancellationToken);
        });
    }

    public static Command Create() => new RunCommand();

    private DataPlaneOptions DataPlane(ParseResult parse)
    {
        // The options are another way to set a worker's variables.
        var given = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [DataPlaneOptions.CacheVariable] = parse.GetValue(_cache),
            [DataPlaneOptions.CacheBytesVariable] = parse.GetValue(_cacheBytes),
            [DataPlaneOptions.CredentialsVariable] = parse.GetValue(_credentials),
        };
        return DataPlaneOptions.Parse(name => given.GetValueOrDefault(name) ?? Environment.GetEnvironmentVariable(name));
    }
}
