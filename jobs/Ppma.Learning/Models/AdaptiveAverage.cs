using Ppma.Learning.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Ppma.Learning.Models;

/// <summary>
/// Linear probe over an average of frozen trunks whose weighting is learned: a softmax over one score per model (or per model and
/// tensor), applied tensor by tensor. Only the scores and the head learn.
/// </summary>
public sealed class AdaptiveAverage : ClipClassifier
{
    private readonly List<(string Name, long[] Shape, Tensor Members)> trunk = [];

    /// <param name="options">Shape of every member.</param>
    /// <param name="members">At least two trunks by published name; copied. Names outside the trunk are left out.</param>
    /// <param name="classes">Classes of the new head.</param>
    /// <param name="seed">Of the head's initial weights.</param>
    /// <param name="perTensor">False: scores (members). True: scores (members, tensors).</param>
    /// <param name="device">Where everything lives; the CPU by default.</param>
    /// <exception cref="ArgumentException">Fewer than two members.</exception>
    /// <exception cref="WeightsMismatchException">Members lack tensors or have them in other shapes; all are named, members from 1.</exception>
    public AdaptiveAverage(
        VisionTransformerOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, Tensor>> members,
        int classes,
        long seed,
        bool perTensor = false,
        Device? device = null)
        : base(options, [classes], seed, device)
    {
        if (members.Count < 2)
        {
            throw new ArgumentException($"An average needs at least two models, not {members.Count}.", nameof(members));
        }

        using (var layout = new VideoClassifier(options, classes: 1, seed))
        {
            var shapes = layout.Parameters.Where(p => p.Key.StartsWith(TrunkNames.Prefix, StringComparison.Ordinal))
                .ToDictionary(p => p.Key, p => p.Value.shape);
            RequireFit(members, shapes);
            trunk.AddRange(shapes.Select(shape => (shape.Key, shape.Value, Stack(members, shape.Key))));
        }

        AddTable(TrunkNames.Positions, SinePositions.Table(options.Tokens, options.Dim, Device));
        AddParameter(TrunkNames.MixingRatio, perTensor ? [members.Count, trunk.Count] : [members.Count], Initializers.Constant(0));
        AddHeads();
    }

    /// <summary>Names of the averaged tensors, in the order of the columns of <see cref="Scores"/> where each has one.</summary>
    public IReadOnlyList<string> TensorNames => [.. trunk.Select(tensor => tensor.Name)];

    /// <summary>What is learned of the members: (members) or (members, tensors). The model's own.</summary>
    public Tensor Scores => Weight(TrunkNames.MixingRatio);

    /// <summary>Share of every member: (members) or (members, tensors), columns summing to 1.</summary>
    public Tensor Shares() => functional.softmax(Weight(TrunkNames.MixingRatio), 0);

    /// <inheritdoc/>
    public override Tensor Features(Tensor video)
    {
        var average = AverageTrunk();
        average.Add(TrunkNames.Positions, Weight(TrunkNames.Positions));
        return new Encoder(Options, name => average[name]).Features(video, Training);
    }

    /// <summary>The averaged trunk by published name; gradients flow to the scores.</summary>
    internal Dictionary<string, Tensor> AverageTrunk()
    {
        var shares = Shares();
        return trunk.Select((tensor, index) =>
        {
            var share = shares.dim() == 1 ? shares : shares.select(1, index);
            return KeyValuePair.Create(tensor.Name, matmul(share, tensor.Members).view(tensor.Shape));
        }).ToDictionary();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        trunk.ForEach(tensor => tensor.Members.Dispose());
    }

    private static void RequireFit(IReadOnlyList<IReadOnlyDictionary<string, Tensor>> members, Dictionary<string, long[]> shapes)
    {
        List<string> problems =
        [
            .. members.SelectMany((member, index) => shapes.Select(shape => ProblemOf(member, shape.Key, shape.Value, $"member {index + 1}"))).OfType<string>(),
        ];
        if (problems.Count > 0)
        {
            throw new WeightsMismatchException(problems);
        }
    }

    private static string? ProblemOf(IReadOnlyDictionary<string, Tensor> member, string name, long[] shape, string which) =>
        !member.TryGetValue(name, out var tensor) ? $"missing '{name}' in {which}"
        : tensor.shape.AsSpan().SequenceEqual(shape) ? null
        : $"'{name}' of {which} has shape ({string.Join(", ", tensor.shape)}), not ({string.Join(", ", shape)})";

    private Tensor Stack(IReadOnlyList<IReadOnlyDictionary<string, Tensor>> members, string name)
    {
        using var scope = NewDisposeScope();
        return stack(members.Select(member => member[name].detach().to_type(ScalarType.Float32).to(Device).flatten())).DetachFromDisposeScope();
    }
}
