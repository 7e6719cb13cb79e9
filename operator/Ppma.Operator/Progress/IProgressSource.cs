namespace Ppma.Operator.Progress;

/// <summary>What workers said of their progress.</summary>
internal interface IProgressSource
{
    /// <summary>What is known of an attempt; null when its worker was not asked yet.</summary>
    ProgressSnapshot? Find(AttemptKey attempt);
}
