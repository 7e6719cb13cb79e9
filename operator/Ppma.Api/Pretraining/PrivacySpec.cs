namespace Ppma.Api.Pretraining;

/// <summary>What the privacy gate lets through.</summary>
public sealed record PrivacySpec
{
    public RealHumans RealHumans { get; init; } = RealHumans.Forbidden;
}
