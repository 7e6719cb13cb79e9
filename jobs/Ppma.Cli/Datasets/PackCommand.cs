using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;
using Ppma.Datasets.Packing.Sources;
using Ppma.Datasets.Stores;
using Ppma.Video.Packing;
using Ppma.Video.Transcoding;
using Ppma.Worker.Data;

namespace Ppma.Cli.Datasets;

/// <summary><c>ppma dataset pack</c>: makes a data set from videos or frame folders.</summary>
internal static class PackCommand
{
    private static readonly Argument<string> Source = new("SOURCE")
    {
        Description = "Folder of videos, or of folders of JPEG or PNG frames: SPLIT/CLASS/sample, CLASS/sample with --split, or as --list says.",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Where the data set goes: a folder, or https://ACCOUNT.blob.core.windows.net/CONTAINER/PREFIX.",
        HelpName = "DIR|URI",
        Required = true,
    };

    private static readonly Option<string> Humans = new Option<string>("--humans")
    {
        Description = "Who is in the footage.",
        Required = true,
    }.AcceptOnlyFromAmong(Enum.GetNames<HumanPresence>());

    private static readonly Option<string> Licence = new("--licence")
    {
        Description = "SPDX identifier, or the terms in words.", HelpName = "TEXT", Required = true,
    };

    private static readonly Option<string?> Name = new("--name")
    {
        Description = "Name of the data set, for people; by default that of the source folder.", HelpName = "TEXT",
    };

    private static readonly Option<FileInfo?> Classes = new("--classes")
    {
        Description = "Class names, one a line, the first for label 0; needed where lists give numbers.", HelpName = "FILE",
    };

    private static readonly Option<string[]> Lists = new("--list")
    {
        Description = "A split file: lines 'path;label', paths relative to SOURCE. Without :SPLIT its split is that of --split. May be repeated.",
        HelpName = "FILE[:SPLIT]",
    };

    private static readonly Option<string?> Split = new("--split") { Description = "The one split that all samples belong to.", HelpName = "NAME" };

    private static readonly Option<int> ShortSide = Number("--short-side", 256, 2, 4096, "Larger pictures are scaled down to this short side, in pixels; even.");
    private static readonly Option<int> Quality = Number("--quality", new TranscodeSettings().Quality, 0, 51, "x264's constant rate factor: 0 keeps all, 51 the least.");
    private static readonly Option<int> FrameRate = Number("--frame-rate", 25, 1, 1000, "Frames per second that frame folders are read at.");
    private static readonly Option<bool> Copy = new("--copy") { Description = "Keep the videos' bytes; nothing is re-encoded." };

    private static readonly Option<string> ShardBytes = new("--shard-bytes")
    {
        Description = "Largest shard.", HelpName = "SIZE", DefaultValueFactory = _ => "64MiB",
    };

    private static readonly Option<int> Threads = Number("--threads", Environment.ProcessorCount, 1, 1024, "Samples encoded side by side.");

    private static readonly Option<string> AcceptDamaged = new("--accept-damaged")
    {
        Description = "Leave out up to this many damaged samples, or this share (0.01, 1%), and list them.",
        HelpName = "N|SHARE",
        DefaultValueFactory = _ => "0",
    };

    private static readonly Option<DirectoryInfo> Work = new("--work")
    {
        Description = "Where shards grow until they are uploaded.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(Path.GetTempPath(), "ppma-pack")),
    };

    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace a data set that is there already." };

    public static Command Create()
    {
        Command command = new("pack", "Make a data set from videos or frame folders; the same command goes on after an interruption.")
        {
            Source, Out, Humans, Licence, Name, Classes, Lists, Split, ShortSide, Quality, FrameRate, Copy, ShardBytes, Threads,
            DatasetArguments.Credentials, Work, AcceptDamaged, Overwrite,
        };
        command.Validators.Add(Check);
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        TextWriter output = options.InvocationConfiguration.Output;
        IBlobStore target = DatasetArguments.OpenStore(options.GetRequiredValue(Out), options.GetValue(DatasetArguments.Credentials));
        string root = Path.GetFullPath(options.GetRequiredValue(Source));
        IReadOnlyList<string>? classes = options.GetValue(Classes) is { } file ? await ClassFile.ReadAsync(file.FullName, cancellationToken) : null;
        SourceSet sources = FindSources(options, root, classes);
        if (sources.IgnoredFiles > 0)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{root}: {sources.IgnoredFiles:N0} other files left aside"));
        }

        _ = DamageLimit.TryParse(options.GetRequiredValue(AcceptDamaged), out DamageLimit acceptDamaged);
        _ = ByteSize.TryParse(options.GetRequiredValue(ShardBytes), out long shardBytes);
        var request = new PackRequest
        {
            Sources = sources,
            Encoder = options.GetValue(Copy)
                ? new CopyingEncoder()
                : new TranscodingEncoder(
                    new TranscodeSettings { ShortSide = options.GetValue(ShortSide), Quality = options.GetValue(Quality) }, options.GetValue(FrameRate)),
            Target = target,
            Name = options.GetValue(Name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(root)),
            Humans = Enum.Parse<HumanPresence>(options.GetRequiredValue(Humans)),
            Licence = options.GetRequiredValue(Licence),
            WorkFolder = options.GetRequiredValue(Work).FullName,
            ShardBytes = shardBytes,
            Overwrite = options.GetValue(Overwrite),
            Threads = options.GetValue(Threads),
            AcceptDamaged = acceptDamaged,
        };
        var progress = new PackProgressLines(options.InvocationConfiguration.Error, isTerminal: !Console.IsErrorRedirected, TimeProvider.System);
        try
        {
            await WriteAsync(output, await DatasetPacker.PackAsync(request, progress, cancellationToken), target);
            return 0;
        }
        catch (OperationCanceledException)
        {
            progress.End();
            await options.InvocationConfiguration.Error.WriteLineAsync("Stopped. The same command goes on behind the last complete shard.");
            throw;
        }
        finally
        {
            progress.End();
        }
    }

    private static SourceSet FindSources(ParseResult options, string root, IReadOnlyList<string>? classes)
    {
        string? split = options.GetValue(Split);
        return options.GetValue(Lists) is { Length: > 0 } lists
            ? ListedSources.Find(root, [.. lists.Select(list => ListOf(list, split)).Select(list => SourceList.Read(list.File, list.Split!))], classes)
            : FolderSources.Find(root, split, classes);
    }

    /// <summary>A colon may belong to the file's name.</summary>
    private static (string File, string? Split) ListOf(string text, string? split)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && !File.Exists(text) ? (text[..colon], text[(colon + 1)..]) : (text, split);
    }

    private static async Task WriteAsync(TextWriter output, PackResult result, IBlobStore target)
    {
        string place = target.IsRemote ? target.Uri.ToString() : Path.TrimEndingDirectorySeparator(target.Uri.LocalPath);
        string made = result.Written ? "packed" : "already there, unchanged";
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Index.Name}: {result.Index.Samples:N0} samples in {result.Index.Shards.Count:N0} shards, {result.Index.Bytes / 1e6:N1} MB in {place} ({made})"));
        if (result.DamagedFile is not null)
        {
            await output.WriteLineAsync($"damaged   {result.Damaged.Count} left out, listed in {result.DamagedFile}");
        }

        await output.WriteLineAsync($"digest    {result.Digest}");
    }

    private static void Check(CommandResult command)
    {
        if (command.GetValue(AcceptDamaged) is { } damaged && !DamageLimit.TryParse(damaged, out _))
        {
            command.AddError($"--accept-damaged is '{damaged}'; write a number (12) or a share (0.01 or 1%).");
        }

        if (command.GetValue(ShardBytes) is { } bytes && !ByteSize.TryParse(bytes, out _))
        {
            command.AddError($"--shard-bytes is '{bytes}'; write {ByteSize.Form}.");
        }

        if (command.GetValue(ShortSide) % 2 != 0)
        {
            command.AddError($"--short-side is {command.GetValue(ShortSide)}; it must be even, because colour is stored at half the size.");
        }

        string? split = command.GetValue(Split);
        foreach (string list in command.GetValue(Lists) ?? [])
        {
            if (ListOf(list, split).Split is null)
            {
                command.AddError($"--list {list}: which split is it? Write --list {list}:train, or --split train.");
            }
        }

        foreach (string name in (command.GetValue(Lists) ?? []).Select(list => ListOf(list, split).Split).Append(split).OfType<string>().Distinct())
        {
            if (!DatasetWriter.IsSplit(name))
            {
                command.AddError($"The split '{name}' has to be 1 to 32 lower-case letters, digits and hyphens.");
            }
        }
    }

    private static Option<int> Number(string name, int absent, int least, int most, string description)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => absent };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.GetValueOrDefault<int>() is int value && (value < least || value > most))
            {
                result.AddError($"{name} is {value}; it must be from {least} to {most}.");
            }
        });
        return option;
    }
}
