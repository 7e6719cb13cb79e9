namespace Ppma.Api.Pretraining;

/// <summary>Whether footage of real people may be trained on.</summary>
public enum RealHumans
{
    Forbidden,
    Allowed,
}
