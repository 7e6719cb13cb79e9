using System.Reflection;
using k8s.Models;
using Ppma.Api.Datasets;
using Ppma.Api.Evaluation;
using Ppma.Api.Pretraining;

namespace Ppma.Api.Schemas;

/// <summary>The CustomResourceDefinitions (<c>apiextensions.k8s.io/v1</c>) of the group, made from its types.</summary>
public static class CustomResources
{
    /// <summary>The category: <c>kubectl get ppma</c> lists resources of every kind.</summary>
    public const string Category = "ppma";

    /// <summary>Makes the definitions.</summary>
    /// <exception cref="InvalidOperationException">A field has no description.</exception>
    /// <exception cref="IOException">The compiler's documentation file does not lie beside the assembly.</exception>
    public static IReadOnlyList<V1CustomResourceDefinition> Definitions()
    {
        var descriptions = Descriptions.OfThisAssembly();
        return
        [
            Definition<VideoDataset>("vds", PrinterColumns.OfVideoDatasets, descriptions),
            Definition<PretrainRun>("ptr", PrinterColumns.OfPretrainRuns, descriptions),
            Definition<EvalRun>("evr", PrinterColumns.OfEvalRuns, descriptions),
        ];
    }

    private static V1CustomResourceDefinition Definition<T>(string shortName, IList<V1CustomResourceColumnDefinition> columns, Descriptions descriptions)
    {
        var entity = typeof(T).GetCustomAttribute<KubernetesEntityAttribute>()!;
        return new()
        {
            ApiVersion = "apiextensions.k8s.io/v1",
            Kind = "CustomResourceDefinition",
            Metadata = new() { Name = $"{entity.PluralName}.{entity.Group}" },
            Spec = new()
            {
                Group = entity.Group,
                Scope = "Namespaced",
                Names = new()
                {
                    Kind = entity.Kind,
                    ListKind = $"{entity.Kind}List",
                    Plural = entity.PluralName,
                    Singular = entity.Kind.ToLowerInvariant(),
                    ShortNames = [shortName],
                    Categories = [Category],
                },
                Versions =
                [
                    new()
                    {
                        Name = entity.ApiVersion,
                        Served = true,
                        Storage = true,
                        AdditionalPrinterColumns = columns,
                        Subresources = new() { Status = new Dictionary<string, object>() },
                        Schema = new() { OpenAPIV3Schema = Schema(typeof(T), descriptions) },
                    },
                ],
            },
        };
    }

    private static V1JSONSchemaProps Schema(Type resource, Descriptions descriptions)
    {
        PropertyInfo Member(string name) => resource.GetProperty(name)!;
        V1JSONSchemaProps Described(string name, V1JSONSchemaProps schema)
        {
            schema.Description = descriptions.Of(Member(name).PropertyType) ?? descriptions.Of(Member(name));
            return schema;
        }

        var spec = new SchemaBuilder(descriptions, withDefaults: true).Record(Member("Spec").PropertyType);
        var status = new SchemaBuilder(descriptions, withDefaults: false).Record(Member("Status").PropertyType);

        // Else kstatus, and whoever waits by it, takes a resource that the operator has not seen yet for done.
        status.DefaultProperty = new Dictionary<string, object> { ["observedGeneration"] = -1 };
        return new()
        {
            Type = "object",
            Description = descriptions.Of(resource),
            Required = ["spec"],
            Properties = new Dictionary<string, V1JSONSchemaProps>
            {
                ["apiVersion"] = Described("ApiVersion", new() { Type = "string" }),
                ["kind"] = Described("Kind", new() { Type = "string" }),
                ["metadata"] = new() { Type = "object" },
                ["spec"] = Described("Spec", spec),
                ["status"] = Described("Status", status),
            },
            XKubernetesValidations = resource == typeof(VideoDataset) ? null :
            [
                new()
                {
                    Rule = $"self.metadata.name.size() <= {NameRules.RunNameLength}",
                    Message = $"metadata.name must have at most {NameRules.RunNameLength} characters; Jobs are named after it",
                },
            ],
        };
    }
}
