namespace Ppma.Api.Schemas;

/// <summary>Marks a field of a run's spec that may change after creation; the others never do.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ChangesAttribute(Change change) : Attribute
{
    public Change Change => change;
}
