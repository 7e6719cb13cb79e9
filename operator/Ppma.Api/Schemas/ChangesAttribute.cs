namespace Ppma.Api.Schemas;

/// <summary>Marks a field of a spec that may change after creation. In a spec that has such a field, the others never change.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ChangesAttribute(Change change) : Attribute
{
    public Change Change => change;
}
