namespace Ppma.Learning.Evaluation;

/// <summary>
/// Counts how often the true class is the highest, or among the five highest, logits.
/// A clip that could not be decoded is counted by <see cref="AddDamaged"/> as wrong.
/// </summary>
public sealed class AccuracyCounter
{
    private readonly int[] _samplesByClass;
    private readonly int[] _correctByClass;
    private int _top1;
    private int _top5;

    /// <param name="classes">Number of classes, at least 1.</param>
    public AccuracyCounter(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _samplesByClass = new int[classes];
        _correctByClass = new int[classes];
    }

    /// <summary>Clips counted, damaged ones included.</summary>
    public int Samples { get; private set; }

    public int Damaged { get; private set; }

    /// <summary>Shares in 0..1; 0 when nothing was counted.</summary>
    public double Top1 => Share(_top1);

    public double Top5 => Share(_top5);

    /// <summary>Mean over the classes that occur of the share of their clips that are right.</summary>
    public double MeanClassAccuracy
    {
        get
        {
            var occurring = 0;
            var sum = 0.0;
            for (var c = 0; c < _samplesByClass.Length; c++)
            {
                if (_samplesByClass[c] > 0)
                {
                    occurring++;
                    sum += (double)_correctByClass[c] / _samplesByClass[c];
                }
            }

            return occurring == 0 ? 0 : sum / occurring;
        }
    }

    /// <summary>95 % intervals of the shares, by <see cref="WilsonInterval"/>.</summary>
    public (double Low, double High) Top1Interval => WilsonInterval.Of(_top1, Samples);

    /// <inheritdoc cref="Top1Interval"/>
    public (double Low, double High) Top5Interval => WilsonInterval.Of(_top5, Samples);

    /// <summary>Counts one clip.</summary>
    public void Add(ClipPrediction prediction)
    {
        Samples++;
        Damaged += prediction.Damaged ? 1 : 0;
        _samplesByClass[prediction.Label]++;
        _top1 += prediction.Correct ? 1 : 0;
        _top5 += prediction.CorrectTop5 ? 1 : 0;
        _correctByClass[prediction.Label] += prediction.Correct ? 1 : 0;
    }

    /// <summary>Counts one clip. Of equal logits the lower class ranks higher; a NaN logit never ranks.</summary>
    public void Add(ReadOnlySpan<float> logits, int label)
    {
        if (logits.Length != _samplesByClass.Length)
        {
            throw new ArgumentException($"{logits.Length} logits for {_samplesByClass.Length} classes.", nameof(logits));
        }

        Add(ClipPrediction.Of(Samples, label, logits));
    }

    /// <summary>Counts a clip that could not be decoded: wrong.</summary>
    public void AddDamaged(int label) => Add(ClipPrediction.OfDamaged(Samples, label));

    private double Share(int count) => Samples == 0 ? 0 : (double)count / Samples;
}
