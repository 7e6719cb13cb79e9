using System.Text.RegularExpressions;
using Ppma.Api;
using static Ppma.Operator.Hosting.OperatorConfiguration;

namespace Ppma.Operator.Hosting;

/// <summary>When settings are sound.</summary>
internal static partial class OperatorRules
{
    /// <summary>What is wrong with the settings, each in a sentence that names the setting.</summary>
    public static IEnumerable<string> Problems(OperatorOptions options)
    {
        if (options.WorkerImage.Length == 0)
        {
            yield return $"{Describe(nameof(options.WorkerImage))} is missing; it is the image of workers whose run names none, such as ppma-worker:0.1.0.";
        }

        (string Name, int Value, int Least, int Most)[] numbers =
        [
            (nameof(options.DefaultThreads), options.DefaultThreads, 1, 1024),
            (nameof(options.Workers), options.Workers, 1, 256),
            (nameof(options.ProgressIntervalSeconds), options.ProgressIntervalSeconds, 1, 3600),
            (nameof(options.QueriesPerSecond), options.QueriesPerSecond, 1, 100_000),
            (nameof(options.Burst), options.Burst, options.QueriesPerSecond, 100_000),
            (nameof(options.RunAsUser), options.RunAsUser, 1, int.MaxValue),
            (nameof(options.RunAsGroup), options.RunAsGroup, 1, int.MaxValue),
            (nameof(options.Port), options.Port, 0, ushort.MaxValue),
            (nameof(options.LeaseDurationSeconds), options.LeaseDurationSeconds, 1, 3600),
            (nameof(options.RenewDeadlineSeconds), options.RenewDeadlineSeconds, 1, 3600),
            (nameof(options.RetryPeriodSeconds), options.RetryPeriodSeconds, 1, 3600),
        ];
        foreach (var (name, value, least, most) in numbers.Where(number => number.Value < number.Least || number.Value > number.Most))
        {
            yield return $"{Describe(name)} is {value}; it must be from {least} to {most}.";
        }

        foreach (string problem in options.Lease("default").Problems())
        {
            yield return $"leaseDurationSeconds, renewDeadlineSeconds, retryPeriodSeconds: {problem}";
        }

        (string Name, string Value)[] namespaces =
        [
            (nameof(options.Namespace), options.Namespace),
            (nameof(options.LeaseNamespace), options.LeaseNamespace),
            .. OperatorOptions.Names(options.ForbidRealHumansIn).Select(name => (nameof(options.ForbidRealHumansIn), name)),
            .. OperatorOptions.Names(options.UnrestrictedPodsIn).Select(name => (nameof(options.UnrestrictedPodsIn), name)),
        ];
        foreach (var (name, value) in namespaces.Where(name => name.Value.Length > 0 && !(name.Value.Length <= 63 && Label().IsMatch(name.Value))))
        {
            yield return $"{Describe(name)} names \"{value}\", which is no name of a namespace.";
        }
    }

    [GeneratedRegex(NameRules.Label)]
    private static partial Regex Label();
}
