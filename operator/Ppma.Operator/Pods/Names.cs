using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ppma.Api.Tasks;

namespace Ppma.Operator.Pods;

/// <summary>
/// Names of what the operator makes for a run: the same at every look, so that a create that is repeated meets the object it made before.
/// At most 63 characters, since a Job's name becomes a label of its pods.
/// </summary>
internal static class Names
{
    /// <summary>What a run's name keeps in them: the rest of 63 is <c>-&lt;stage: 12&gt;-&lt;6&gt;-a&lt;attempt: 5&gt;</c>.</summary>
    public const int RunNameLength = 36;

    public const int MostAttempts = 99_999;

    /// <summary>The Job of an attempt: <c>&lt;name cut to 36&gt;-&lt;stage&gt;-&lt;h6&gt;-a&lt;attempt&gt;</c>.</summary>
    /// <param name="run">Its owner.</param>
    /// <param name="stage">At most 12 characters; <c>evaluate</c> for an EvalRun, <c>verify</c> for a VideoDataset.</param>
    /// <param name="attempt">From 1 to <see cref="MostAttempts"/>.</param>
    public static string Job(RunIdentity run, string stage, int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(attempt, MostAttempts);
        return string.Create(CultureInfo.InvariantCulture, $"{Cut(run.Name)}-{stage}-{Hash(run, stage)}-a{attempt}");
    }

    /// <summary>The ConfigMap that holds every task of a run: <c>&lt;name cut to 36&gt;-tasks-&lt;h6&gt;</c>.</summary>
    public static string Tasks(RunIdentity run) => $"{Cut(run.Name)}-tasks-{Hash(run, "tasks")}";

    /// <summary>The ConfigMap that holds the task of one generation of a VideoDataset: <c>&lt;name cut to 36&gt;-verify-&lt;h6&gt;-g&lt;generation&gt;</c>.</summary>
    public static string Task(RunIdentity dataset, string stage, long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Cut(dataset.Name)}-{stage}-{Hash(dataset, stage)}-g{generation}");

    /// <summary>First six hexadecimal digits of SHA-256 over kind, UID and stage, a line each: two runs whose names are cut alike stay apart.</summary>
    private static string Hash(RunIdentity run, string stage) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{run.Kind}\n{run.Uid}\n{stage}")).AsSpan(0, 3));

    // A part of a DNS name may neither begin nor end with what a cut can leave.
    private static string Cut(string name) => (name.Length <= RunNameLength ? name : name[..RunNameLength]).TrimEnd('-', '.');
}
