using System.CommandLine;
using System.Diagnostics;
using Ppma.Datasets.Indexing;
using Ppma.Video.Synthesis;

namespace Ppma.Cli.Datasets;

/// <summary><c>ppma dataset synth</c>: writes the quickstart's three data sets.</summary>
internal static class SynthCommand
{
    private static readonly Option<DirectoryInfo> Out = new("--out")
    {
        Description = "Folder to write context/, synthetic/ and actions/ in.",
        Required = true,
        HelpName = "DIR",
    };

    private static readonly Option<long> Seed = new("--seed")
    {
        Description = "Equal seeds give equal frames.",
        DefaultValueFactory = _ => 123,
    };

    private static readonly Option<int> Context = Clips("--context", 3000, "Clips of scenes without figures.");
    private static readonly Option<int> Synthetic = Clips("--synthetic", 4000, "Clips of stick figures.");
    private static readonly Option<int> ActionsTrain = Clips("--actions-train", 1000, "Training clips of the downstream set.");
    private static readonly Option<int> ActionsTest = Clips("--actions-test", 1000, "Test clips of the downstream set.");

    private static readonly Option<bool> Overwrite = new("--overwrite") { Description = "Replace data sets that are there already." };

    public static Command Create()
    {
        Command command = new("synth", "Write the quickstart's data: rendered clips as H.264 in WebDataset shards.")
        {
            Out, Seed, Context, Synthetic, ActionsTrain, ActionsTest, Overwrite,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult options, CancellationToken cancellationToken)
    {
        long seed = options.GetValue(Seed);
        SynthesisPlan[] plans =
        [
            new() { Set = SyntheticSet.Context, Seed = seed, TrainClips = options.GetValue(Context) },
            new() { Set = SyntheticSet.Synthetic, Seed = seed, TrainClips = options.GetValue(Synthetic) },
            new()
            {
                Set = SyntheticSet.Actions,
                Seed = seed,
                TrainClips = options.GetValue(ActionsTrain),
                TestClips = options.GetValue(ActionsTest),
            },
        ];
        TextWriter output = options.InvocationConfiguration.Output;
        foreach (SynthesisPlan plan in plans)
        {
            string folder = Path.Combine(options.GetRequiredValue(Out).FullName, plan.Name);
            long start = Stopwatch.GetTimestamp();
            (DatasetIndex index, bool written) = await SyntheticDatasetWriter.WriteAsync(
                folder, plan, options.GetValue(Overwrite), new ProgressLine(plan), cancellationToken);
            string made = written ? $"written in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s" : "already there, unchanged";
            await output.WriteLineAsync($"{plan.Name}: {index.Samples} clips, {index.Bytes / 1e6:F1} MB in {folder} ({made})");
        }

        return 0;
    }

    private static Option<int> Clips(string name, int count, string description)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => count, HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < ClipRenderer.ClassCount)
            {
                result.AddError($"{name} must be at least {ClipRenderer.ClassCount}: one clip of each class.");
            }
        });
        return option;
    }

    /// <summary>One line that is written over; nothing where standard error is no terminal.</summary>
    private sealed class ProgressLine(SynthesisPlan plan) : IProgress<int>
    {
        public void Report(int value)
        {
            if (!Console.IsErrorRedirected)
            {
                string end = value == plan.Clips ? "\r\u001b[K" : "";
                Console.Error.Write($"\r{plan.Name}: {value} of {plan.Clips} clips{end}");
            }
        }
    }
}
