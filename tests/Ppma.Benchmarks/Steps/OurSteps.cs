using Ppma.Learning.Models;
using Ppma.Learning.Optimization;
using Ppma.Learning.Precision;
using Ppma.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ppma.Benchmarks.Steps;

/// <summary>A model of ours, its optimiser and one synthetic batch.</summary>
internal sealed class OurSteps : IDisposable
{
    private readonly Device device;
    private readonly Func<double> clock;
    private readonly ITrainingObjective objective;
    private readonly FusedAdamW optimizer;
    private readonly WeightUpdate update;
    private readonly Batch batch;

    /// <param name="shape">What to compute.</param>
    /// <param name="clock">Seconds; on a GPU it is read after the device has caught up.</param>
    public OurSteps(StepShape shape, Func<double> clock)
    {
        this.clock = clock;
        device = new Device(shape.Device);
        objective = shape.Objective == StepShape.Mae
            ? new MaskedAutoencoding(new MaskedAutoencoder(shape.Options, seed: 0, device))
            : new ActionClassification(new VideoClassifier(shape.Options, StepShape.Classes, seed: 0, device));
        optimizer = new FusedAdamW(ParameterGroups.Of(objective.Model, weightDecay: 0.05), new AdamWOptions { Beta2 = 0.95 });
        optimizer.SetLearningRate(1e-4);
        update = new WeightUpdate(optimizer, scaler: null, average: null, clipNorm: 0);
        manual_seed(0);
        using var scope = NewDisposeScope();
        var (options, clips) = (shape.Options, shape.Batch);
        using Scalar even = (1.0 / StepShape.Classes).ToScalar();
        batch = new Batch
        {
            Video = randn([clips, 3, options.Frames, options.Size, options.Size]).to(device).DetachFromDisposeScope(),
            Mask = TokenMask.FromFlags(
                [.. Enumerable.Range(0, clips * options.Tokens).Select(token => token % options.Tokens % 10 != 0)], clips, device),
            Targets = full([clips, StepShape.Classes], even, device: device).DetachFromDisposeScope(),
        };
        batch.Mask.Visible.DetachFromDisposeScope();
        batch.Mask.Masked.DetachFromDisposeScope();
    }

    public VideoModel Model => objective.Model;

    public StepTime Step(ComputePrecision precision)
    {
        using var scope = NewDisposeScope();
        double start = Now();
        var loss = Loss(precision);
        double forward = Now();
        update.Backward(loss);
        double backward = Now();
        update.Apply(loss.detach());
        return new StepTime(forward - start, backward - forward, Now() - backward);
    }

    /// <summary>Loss and every gradient of the batch in float32, on the CPU, by parameter; the caller disposes them.</summary>
    public IReadOnlyDictionary<string, Tensor> LossAndGradients()
    {
        using var scope = NewDisposeScope();
        var loss = Loss(ComputePrecision.Float32);
        loss.backward();
        return Model.Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, parameter.Value.grad!))
            .Append(KeyValuePair.Create("loss", loss.detach()))
            .ToDictionary(pair => pair.Key, pair => pair.Value.cpu().clone().DetachFromDisposeScope());
    }

    public void Dispose()
    {
        batch.Dispose();
        optimizer.Dispose();
        Model.Dispose();
    }

    private Tensor Loss(ComputePrecision precision)
    {
        using var cast = Autocast.Begin(device, precision);
        return objective.Loss(batch);
    }

    private double Now()
    {
        if (device.type == TorchSharp.DeviceType.CUDA)
        {
            cuda.synchronize();
        }

        return clock();
    }
}
