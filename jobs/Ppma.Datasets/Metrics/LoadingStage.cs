namespace Ppma.Datasets.Metrics;

/// <summary>A stage of loading that things wait in front of.</summary>
public enum LoadingStage
{
    /// <summary>Samples whose bytes are there, waiting for a decoding thread.</summary>
    Decode,

    /// <summary>Finished batches, waiting for the training step.</summary>
    Batch,
}
