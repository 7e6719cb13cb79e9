namespace Ppma.Learning.Checkpoints;

/// <summary>A Python name a pickle refers to; never looked up, only compared.</summary>
internal sealed record PickleName(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>The bytes of a tensor inside the archive: <c>torch.FloatStorage</c> and its like, by key.</summary>
internal sealed record PickleStorage(string Kind, string Key, long Elements);

/// <summary>A tensor over a storage, not read yet.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides);
