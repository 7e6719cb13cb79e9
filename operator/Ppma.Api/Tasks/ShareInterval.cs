namespace Ppma.Api.Tasks;

/// <summary>Between which shares, 0..1, a true share lies with 95 % confidence (Wilson's score interval).</summary>
public sealed record ShareInterval(double Low, double High);
