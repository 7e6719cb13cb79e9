namespace Ppma.Api.Schemas;

/// <summary>
/// A rule over several fields of an object, which the API server checks (Common Expression Language, KEP-2876). It says what
/// <see cref="Validation.ManifestValidator"/> says too, where that is cheap.
/// </summary>
/// <param name="expression">True where the object is good; <c>self</c> is the object.</param>
/// <param name="message">The field, the cause and the fix. The server puts the object's path before it.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class RuleAttribute(string expression, string message) : Attribute
{
    public string Expression => expression;

    public string Message => message;
}
