namespace Ppma.Api.Pretraining;

/// <summary>What the privacy gate lets through.</summary>
public sealed record PrivacySpec
{
    /// <summary>Whether footage of real people may be trained on.</summary>
    public RealHumans RealHumans { get; init; } = RealHumans.Forbidden;
}
