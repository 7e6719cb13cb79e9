using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ppma.Learning.Precision;

namespace Ppma.Benchmarks.Steps;

/// <summary>PyTorch in a process of its own that does one step on request, so that its steps and ours take turns.</summary>
internal sealed class StepPeer : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private readonly Process process;

    private StepPeer(Process process, Introduction introduction)
    {
        this.process = process;
        Description = $"PyTorch {introduction.Torch}, {introduction.Attention}";
        Compiles = introduction.Compiles;
    }

    public string Description { get; }

    /// <summary>Whether it has torch.compile.</summary>
    public bool Compiles { get; }

    /// <summary>The first of several Pythons that has a torch; null, with a line that says so, where none has.</summary>
    /// <param name="python">Only this one is asked, when given.</param>
    /// <param name="threads">Of the peer.</param>
    /// <param name="processorTime">Count user time instead of wall time.</param>
    public static StepPeer? Find(string? python, int threads, bool processorTime)
    {
        string[] candidates = python is null ? ["python3", "/usr/bin/python3"] : [python];
        foreach (string candidate in candidates)
        {
            if (Start(candidate, threads, processorTime) is { } peer)
            {
                return peer;
            }
        }

        Console.WriteLine($"No PyTorch to compare with: {string.Join(" and ", candidates)} cannot import torch. Name another with --python FILE.");
        return null;
    }

    public StepTime Step(StepShape shape, ComputePrecision precision, bool compile = false)
    {
        process.StandardInput.WriteLine(JsonSerializer.Serialize(shape.Request(precision, compile), Json));
        process.StandardInput.Flush();
        return Read<StepTime>(process)
            ?? throw new InvalidOperationException($"The peer ended with {ExitCode()} instead of a step; its message is above.");
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static StepPeer? Start(string python, int threads, bool processorTime)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Steps", "step_peer.py");
        List<string> arguments = [script, "--threads", threads.ToString(CultureInfo.InvariantCulture)];
        if (processorTime)
        {
            arguments.Add("--processor-time");
        }

        try
        {
            using var probe = Process.Start(new ProcessStartInfo(python, ["-c", "import torch"]) { RedirectStandardError = true, UseShellExecute = false })!;
            _ = probe.StandardError.ReadToEnd();
            probe.WaitForExit();
            if (probe.ExitCode != 0)
            {
                return null;
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        var start = new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        var started = Process.Start(start)!;
        return Read<Introduction>(started) is { } introduction
            ? new StepPeer(started, introduction)
            : throw new InvalidOperationException($"{python} {script} said nothing; its message is above.");
    }

    private static T? Read<T>(Process peer) =>
        peer.StandardOutput.ReadLine() is { } line ? JsonSerializer.Deserialize<T>(line, Json) : default;

    private int ExitCode()
    {
        process.WaitForExit();
        return process.ExitCode;
    }

    private sealed record Introduction(string Torch, string Attention, bool Compiles);
}
