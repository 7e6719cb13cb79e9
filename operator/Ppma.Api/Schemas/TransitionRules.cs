using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using k8s.Models;
using Ppma.Api.Manifests;
using Ppma.Api.Runs;

namespace Ppma.Api.Schemas;

/// <summary>
/// What may change after creation, as rules on the spec as a whole: a rule on a field itself would not run when the field is added or
/// taken away.
/// </summary>
internal static class TransitionRules
{
    /// <summary>For the spec of a run, a rule for each field that does not change freely; else none.</summary>
    public static IEnumerable<V1ValidationRule> Of(Type spec) =>
        spec.IsAssignableTo(typeof(RunSettings)) ? ResourceField.Of(spec).SelectMany(field => Of(field, "", spec)) : [];

    private static IEnumerable<V1ValidationRule> Of(ResourceField field, string parent, Type owner)
    {
        var path = $"{parent}.{field.Name}";
        var change = field.Property.GetCustomAttribute<ChangesAttribute>()?.Change;
        if (change is null && FrozenFields.IsPartlyFree(field.Property.PropertyType))
        {
            return ResourceField.Of(field.Property.PropertyType).SelectMany(member => Of(member, path, field.Property.PropertyType));
        }

        var present = IsAlwaysPresent(field.Property, owner);
        var (rule, message) = change switch
        {
            Change.Freely => ("", ""),
            Change.ToTrue => ($"self{path} || !oldSelf{path}", "cannot be taken back; make a new run"),
            Change.ToMore when present => ($"self{path} >= oldSelf{path}", "may only become larger once the run exists"),
            Change.ToMore => ($"!has(self{path}) || (has(oldSelf{path}) && self{path} >= oldSelf{path})", "may only become larger, or be left out, once the run exists"),
            _ when present => ($"self{path} == oldSelf{path}", "cannot change once the run exists; make a new run"),
            _ => ($"has(self{path}) == has(oldSelf{path}) && (!has(self{path}) || self{path} == oldSelf{path})", "cannot change once the run exists; make a new run"),
        };
        return rule.Length == 0 ? [] : [new V1ValidationRule { Rule = rule, Message = $"{path[1..]} {message}", FieldPath = path }];
    }

    // Required, or filled in by the server.
    private static bool IsAlwaysPresent(PropertyInfo property, Type owner) =>
        property.GetCustomAttribute<RequiredAttribute>() is not null
        || property.GetValue(Activator.CreateInstance(owner)) is not (null or "" or IEnumerable and not string);
}
