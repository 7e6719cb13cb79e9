using Ppma.Api;
using Ppma.Api.Conditions;
using Ppma.Api.Datasets;
using Ppma.Api.Manifests;
using Ppma.Api.Pretraining;
using Ppma.Api.Resolution;
using Ppma.Api.Runs;
using Ppma.Api.Validation;
using Ppma.Operator.Pods;

namespace Ppma.Operator.Runs;

/// <summary>Decides on the admission of a run: a pure function of the run and of what it names.</summary>
internal static class AdmissionRules
{
    public static Admission Decide(AdmissionInput input)
    {
        var spec = Spec(input);
        var datasets = Datasets(input);
        var weights = Weights(input);
        var gate = PrivacyFindings.Of(input);
        List<Finding> findings = [spec, datasets, weights, .. gate.Finding is { } finding ? [finding] : Array.Empty<Finding>()];
        if (spec.Status != ConditionStatus.True || datasets.Status != ConditionStatus.True || weights.Status != ConditionStatus.True)
        {
            return new(findings, Run: null, gate.Status, [], []);
        }

        var set = Set(input, input.Run.Resource);
        var resolution = new RunResolver(set, Settings(input)).Resolve(set.Manifests[0], Facts(input));
        var refusals = (gate.Status?.Inputs ?? []).Select(one => one.Reason).ToHashSet(StringComparer.Ordinal);
        var problems = resolution.Problems.Where(problem => !refusals.Contains(problem.Message)).ToList();
        if (problems.Count > 0)
        {
            findings = [.. findings.Select(one => Blame(one, problems))];
        }

        var run = findings.All(one => one.Status == ConditionStatus.True) ? resolution.Run : null;
        return new(findings, run, resolution.Run?.Privacy ?? gate.Status, resolution.Warnings, [.. Claims(input)]);
    }

    /// <summary>Problems as one message: the first few, and how many there are.</summary>
    public static string Message(IReadOnlyCollection<string> problems) =>
        problems.Count <= 3 ? string.Join("; ", problems) : $"{string.Join("; ", problems.Take(3))}; and {problems.Count - 3} more";

    private static Finding Spec(AdmissionInput input)
    {
        // Real humans and weights without a record are the gate's matter, and what is not there yet is waited for.
        var run = input.Run.Resource is PretrainRun pretrain
            ? new PretrainRun { Metadata = pretrain.Metadata, Spec = pretrain.Spec with { Privacy = new() { RealHumans = RealHumans.Allowed } } }
            : input.Run.Resource;
        var set = Set(input, run);
        var absent = Absent(input).ToHashSet(StringComparer.Ordinal);
        List<string> problems =
        [
            .. ManifestValidator.Validate(set, set.Manifests[0]).Where(problem => !absent.Contains(problem.Path)).Select(Text),
            .. ClusterRules.Problems(input.Run),
        ];
        return problems.Count == 0
            ? Finding.True(ConditionType.SpecAccepted, Reason.SpecValid, "The spec can be carried out.")
            : Finding.False(ConditionType.SpecAccepted, Reason.SpecInvalid, Message(problems));
    }

    private static IEnumerable<string> Absent(AdmissionInput input) =>
    [
        .. RunInputs.Datasets(input.Run.Resource).Where(use => !input.Datasets.ContainsKey(use.Name)).Select(use => use.Path),
        .. RunInputs.Runs(input.Run.Resource).Where(use => !input.Runs.ContainsKey(use.Name)).Select(use => $"{use.Path}.name"),
    ];

    private static Finding Datasets(AdmissionInput input)
    {
        var names = RunInputs.Datasets(input.Run.Resource).Select(use => use.Name).Distinct(StringComparer.Ordinal).ToList();
        var missing = names.Where(name => !input.Datasets.ContainsKey(name)).ToList();
        if (missing.Count > 0)
        {
            return Finding.False(
                ConditionType.DatasetsReady, Reason.DatasetMissing,
                $"There is no VideoDataset {Names(missing)} in namespace {input.Run.Namespace}; apply it, or correct the name in a new run.");
        }

        var waiting = names.Select(name => input.Datasets[name]).Where(dataset => !IsReady(dataset)).ToList();
        return waiting.Count > 0
            ? Finding.False(ConditionType.DatasetsReady, Reason.DatasetNotReady, Message([.. waiting.Select(NotReady)]))
            : Finding.True(ConditionType.DatasetsReady, Reason.DatasetsVerified, $"Verified: {string.Join(", ", names)}.");
    }

    internal static bool IsReady(VideoDataset dataset) =>
        (dataset.Status?.Conditions ?? []).Is(ConditionType.Ready, ConditionStatus.True) && DatasetFacts.Of(dataset) is not null;

    private static string NotReady(VideoDataset dataset) =>
        (dataset.Status?.Conditions ?? []).Find(ConditionType.Ready) is { Status: not nameof(ConditionStatus.True) } ready
            ? $"VideoDataset \"{dataset.Metadata.Name}\" is not Ready ({ready.Reason}): {ready.Message}"
            : $"VideoDataset \"{dataset.Metadata.Name}\" is not verified yet";

    private static Finding Weights(AdmissionInput input) =>
        RunInputs.Runs(input.Run.Resource).Select(use => SourceRuns.Obstacle(use, input)).OfType<Finding>().FirstOrDefault()
        ?? Finding.True(ConditionType.WeightsReady, Reason.WeightsFound, RunInputs.Runs(input.Run.Resource) is { Count: > 0 } uses
            ? $"Found: {string.Join(", ", uses.Select(use => use.Name).Distinct(StringComparer.Ordinal))}."
            : "The run starts from no other run.");

    /// <summary>The volumes that a run's files and those of the runs it starts from lie on.</summary>
    private static IEnumerable<MountedClaim> Claims(AdmissionInput input) =>
    [
        .. VolumeOf(input.Run.Settings, readOnly: false),
        .. RunInputs.Runs(input.Run.Resource).SelectMany(use => VolumeOf(input.Runs[use.Name].Spec, readOnly: true)),
        .. input.Datasets.Values.SelectMany(dataset => Volume(dataset.Spec.Volume, dataset.Spec.Uri, readOnly: true)),
    ];

    private static IEnumerable<MountedClaim> VolumeOf(RunSettings settings, bool readOnly) =>
        settings.Artifacts is { } artifacts ? Volume(artifacts.Volume, artifacts.Uri, readOnly) : [];

    private static IEnumerable<MountedClaim> Volume(StorageVolume? volume, string uri, bool readOnly) =>
        volume?.PersistentVolumeClaim?.Name is { Length: > 0 } claim && uri.StartsWith("file:///", StringComparison.Ordinal) ? [new(claim, uri, readOnly)] : [];

    // A problem that only the facts show: of the weights, or else of the data.
    private static Finding Blame(Finding finding, IReadOnlyList<ManifestProblem> problems)
    {
        var own = problems.Where(problem => IsOfWeights(problem.Path) == (finding.Type == ConditionType.WeightsReady)).Select(Text).ToList();
        return finding.Type switch
        {
            _ when own.Count == 0 => finding,
            ConditionType.WeightsReady => Finding.False(finding.Type, Reason.WeightsUnfit, Message(own)),
            ConditionType.DatasetsReady => Finding.False(finding.Type, Reason.DatasetUnexpected, Message(own)),
            _ => finding,
        };
    }

    // "spec.stages[1]" as a whole is what differs from the run that is continued.
    private static bool IsOfWeights(string path) =>
        path.StartsWith("spec.weights", StringComparison.Ordinal) || path.StartsWith("spec.resumeFrom", StringComparison.Ordinal)
        || path is "spec.model" or "spec.stages" || (path.StartsWith("spec.stages[", StringComparison.Ordinal) && path.EndsWith(']') && !path.Contains(".datasets", StringComparison.Ordinal));

    private static KnownFacts Facts(AdmissionInput input)
    {
        ResourceKey Key(string name) => new(input.Run.Namespace, name);
        var ended = new Dictionary<ResourceKey, ResolvedRun>();
        if (input.Run.Resource is PretrainRun { Spec.ResumeFrom.Run.Name: { } name } && input.Resumed is { } tasks)
        {
            ended[Key(name)] = tasks.Resolved;
        }

        return new KnownFacts
        {
            Datasets = input.Datasets.Where(entry => DatasetFacts.Of(entry.Value) is not null).ToDictionary(entry => Key(entry.Key), entry => DatasetFacts.Of(entry.Value)!),
            Runs = input.Runs.Where(entry => RunFacts.Of(entry.Value) is not null).ToDictionary(entry => Key(entry.Key), entry => RunFacts.Of(entry.Value)!),
            Ended = ended,
        };
    }

    // The run itself comes first.
    private static ManifestSet Set(AdmissionInput input, IResource run)
    {
        IEnumerable<IResource> others = [.. input.Datasets.Values, .. input.Runs.Values.Where(other => other.Metadata.Uid != input.Run.Uid), .. input.Trials];
        return new([.. others.Prepend(run).Select((resource, index) => new Manifest(resource, "", index + 1))], []);
    }

    private static ResolutionSettings Settings(AdmissionInput input) => new()
    {
        DataRoot = "/",
        OutputRoot = "/",
        MachineThreads = CpuCount.Of(input.Run.Settings.Compute) ?? input.Options.DefaultThreads,
        IdentityByUid = true,
    };

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));

    private static string Text(ManifestProblem problem) => $"{problem.Path}: {problem.Message}";
}
