namespace Ppma.Api.Pretraining;

/// <summary>Whether footage of real people may be trained on.</summary>
public enum RealHumans
{
    /// <summary>No Job is made unless every data set and all weights are attested to show none.</summary>
    Forbidden,

    /// <summary>Nothing is checked, and nothing is claimed about what is trained.</summary>
    Allowed,
}
