namespace Ppma.Operator.Attempts;

/// <summary>Who pays for another attempt.</summary>
public enum ExitClass
{
    /// <summary>There is a result.</summary>
    Done,

    /// <summary>Nodes, network, storage, or somebody outside.</summary>
    Infrastructure,

    /// <summary>The program.</summary>
    Application,

    /// <summary>Nobody: it would end the same way again.</summary>
    Final,

    /// <summary>Nobody: it was asked to stop, or another attempt took over.</summary>
    Uncounted,
}
