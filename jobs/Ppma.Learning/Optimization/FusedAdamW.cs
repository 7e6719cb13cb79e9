using Ppma.Learning.Checkpoints;
using Ppma.Learning.Interop;
using static TorchSharp.torch;

namespace Ppma.Learning.Optimization;

/// <summary>
/// AdamW as torch's fused kernel: one call a group, no host synchronisation, rate and decay of a group free to change every step.
/// </summary>
public sealed class FusedAdamW : IDisposable
{
    private const string AveragePrefix = "exp_avg.";
    private const string SquarePrefix = "exp_avg_sq.";
    private const string StepName = "step";

    private readonly AdamWOptions options;
    private readonly GroupState[] states;

    // One count for all, and one for each head that rests in the steps of others.
    private readonly OrderedDictionary<string, Tensor> steps = [];

    /// <param name="groups">Disjoint groups of parameters on one device.</param>
    /// <param name="options">Betas and epsilon.</param>
    /// <exception cref="ArgumentException">There is nothing to optimise, or a parameter is in two groups.</exception>
    public FusedAdamW(IReadOnlyList<ParameterGroup> groups, AdamWOptions options)
    {
        var names = groups.SelectMany(group => group.Parameters).Select(parameter => parameter.Key).ToList();
        if (names.Count == 0)
        {
            throw new ArgumentException("The optimiser has no parameter to optimise: every parameter is frozen.", nameof(groups));
        }

        if (names.Distinct().Count() < names.Count)
        {
            throw new ArgumentException($"Parameter '{names.GroupBy(n => n).First(n => n.Count() > 1).Key}' is in two groups.", nameof(groups));
        }

        Groups = groups;
        this.options = options;
        states = [.. groups.Where(group => group.Parameters.Count > 0).Select(group => new GroupState(group))];
        foreach (string name in states.Select(state => state.StepName).Distinct())
        {
            steps.Add(name, zeros(1, dtype: float32, device: states[0].Parameters[0].device).DetachFromDisposeScope());
        }
    }

    public IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Sets every group's rate: <paramref name="rate"/> times the group's factor.</summary>
    public void SetLearningRate(double rate)
    {
        foreach (var group in Groups)
        {
            group.LearningRate = rate * group.RateFactor;
        }
    }

    /// <summary>Sets every group's rate: its own schedule, or <paramref name="schedule"/> where it has none, times its factor.</summary>
    /// <param name="schedule">Of the groups without one of their own.</param>
    /// <param name="share">Steps done / all steps, 0..1, counted before the step.</param>
    /// <returns>The rate of <paramref name="schedule"/>.</returns>
    public double SetLearningRate(RateSchedule schedule, double share)
    {
        double rate = schedule.At(share);
        foreach (var group in Groups)
        {
            group.LearningRate = (group.Schedule?.At(share) ?? rate) * group.RateFactor;
        }

        return rate;
    }

    /// <summary>Joint norm of all gradients that backward left, a scalar on the device; no finite number where one of them is none.</summary>
    public Tensor GradientNorm() => FusedKernels.Norm([.. Active().SelectMany(state => state.Gradients())]);

    /// <summary>One update from the gradients that backward left. A head without any keeps its parameters, its moments and its count of steps.</summary>
    /// <param name="skip">A one-element float tensor, 1 where this update must not happen (a loss that is not finite); decided on the device.</param>
    /// <param name="divisor">A one-element float tensor that the gradients are divided by on the way; null leaves them as they are.</param>
    /// <exception cref="InvalidOperationException">A parameter has no gradient; it is named.</exception>
    public void Step(Tensor? skip = null, Tensor? divisor = null)
    {
        using var noGradient = no_grad();
        GroupState[] active = Active();
        Tensor[] counts = [.. active.Select(state => state.StepName).Distinct().Select(name => steps[name])];
        foreach (var count in counts)
        {
            count.add_(Arithmetic.One, Arithmetic.One);
        }

        foreach (var state in active)
        {
            FusedKernels.AdamW(
                state.Parameters, state.Gradients(), state.Averages, state.Squares, steps[state.StepName],
                state.Group.LearningRate, state.Group.WeightDecay, options, skip, divisor);
        }

        if (skip is not null)
        {
            foreach (var count in counts)
            {
                count.sub_(skip);
            }
        }
    }

    /// <summary>Drops all gradients, so that the next backward writes instead of adding.</summary>
    public void ZeroGradients()
    {
        foreach (var state in states)
        {
            state.DropGradients();
        }
    }

    /// <summary>
    /// The state by name: <c>step</c> (of several heads also <c>step.heads.n</c>), and <c>exp_avg.</c>, <c>exp_avg_sq.</c> + parameter. The
    /// tensors stay the optimiser's own.
    /// </summary>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get
        {
            var all = steps.ToDictionary();
            foreach (var state in states)
            {
                for (int i = 0; i < state.Parameters.Length; i++)
                {
                    string name = state.Group.Parameters[i].Key;
                    all.Add(AveragePrefix + name, state.Averages[i]);
                    all.Add(SquarePrefix + name, state.Squares[i]);
                }
            }

            return all;
        }
    }

    /// <summary>Goes on from a state that <see cref="State"/> gave. Nothing is copied unless everything fits.</summary>
    /// <exception cref="WeightsMismatchException">A tensor is missing, unexpected or of another shape; all of them are named.</exception>
    public void LoadState(IReadOnlyDictionary<string, Tensor> state) => NamedTensors.Copy(state, State);

    public void Dispose()
    {
        foreach (var count in steps.Values)
        {
            count.Dispose();
        }

        foreach (var state in states)
        {
            state.Dispose();
        }
    }

    private GroupState[] Active() => [.. states.Where(state => !state.IsResting)];

    private sealed class GroupState : IDisposable
    {
        public GroupState(ParameterGroup group)
        {
            Group = group;
            Parameters = [.. group.Parameters.Select(parameter => parameter.Value)];
            Averages = [.. Parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())];
            Squares = [.. Parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())];
        }

        public ParameterGroup Group { get; }

        /// <summary>Name of the count of its updates.</summary>
        public string StepName => Group.Head is { } head ? $"{FusedAdamW.StepName}.{head}" : FusedAdamW.StepName;

        /// <summary>Whether this step was one of another head.</summary>
        public bool IsResting => Group.Head is not null && Parameters.All(parameter => parameter.grad is null);

        public Tensor[] Parameters { get; }

        public Tensor[] Averages { get; }

        public Tensor[] Squares { get; }

        public Tensor[] Gradients() => [.. Group.Parameters.Select(parameter => parameter.Value.grad ?? throw new InvalidOperationException(
            $"Parameter '{parameter.Key}' has no gradient: run backward first, or leave the parameter out of the optimiser."))];

        public void DropGradients()
        {
            foreach (var parameter in Parameters)
            {
                parameter.grad = null;
            }
        }

        public void Dispose()
        {
            foreach (var moment in Averages.Concat(Squares))
            {
                moment.Dispose();
            }
        }
    }
}
