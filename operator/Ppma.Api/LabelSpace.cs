namespace Ppma.Api;

/// <summary>How the classes of several data sets share one head.</summary>
public enum LabelSpace
{
    /// <summary>Output i means class i of every set, as the published code does.</summary>
    ByIndex,

    /// <summary>The union of the class names, ordinal order.</summary>
    ByName,

    /// <summary>A head for every set.</summary>
    PerDataset,
}
