namespace Ppma.Api.Schemas;

/// <summary>How a field may change after its resource was created.</summary>
internal enum Change
{
    /// <summary>In any way.</summary>
    Freely,

    /// <summary>To a larger number; where the field may be left out, that is the largest.</summary>
    ToMore,

    /// <summary>From false to true.</summary>
    ToTrue,
}
