using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Ppma.Architecture.Tests;

/// <summary>Which assembly may refer to which (docs/architecture.md): read from the built files, not from project files.</summary>
public sealed class ProjectArrowTests
{
    [Theory]
    [InlineData("Ppma.Api", "")]
    [InlineData("Ppma.Controllers", "")]
    [InlineData("ppma-operator", "Ppma.Api Ppma.Controllers")]
    [InlineData("Ppma.Datasets", "")]
    [InlineData("Ppma.Video", "Ppma.Datasets")]
    [InlineData("Ppma.Learning", "Ppma.Datasets")]
    [InlineData("ppma-worker", "Ppma.Api Ppma.Datasets Ppma.Video Ppma.Learning")]
    [InlineData("ppma", "Ppma.Api Ppma.Datasets Ppma.Video Ppma.Learning ppma-worker")]
    public void ProductAssembly_RefersOnlyTo_ItsAllowedNeighbours(string assembly, string allowed)
    {
        string[] neighbours = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var forbidden = ReferencesOf(assembly)
            .Where(name => name.StartsWith("ppma", StringComparison.OrdinalIgnoreCase))
            .Except(neighbours);

        Findings.None(forbidden);
    }

    [Theory]
    [InlineData("Ppma.Api", "TorchSharp")]
    [InlineData("Ppma.Controllers", "TorchSharp")]
    [InlineData("ppma-operator", "TorchSharp")]
    [InlineData("Ppma.Datasets", "TorchSharp")]
    [InlineData("Ppma.Datasets", "KubernetesClient")]
    [InlineData("Ppma.Video", "KubernetesClient")]
    [InlineData("Ppma.Learning", "KubernetesClient")]
    [InlineData("ppma-worker", "KubernetesClient")]
    public void ProductAssembly_DoesNotKnow_APackageOfAnotherLayer(string assembly, string package)
    {
        Assert.DoesNotContain(package, ReferencesOf(assembly));
    }

    private static List<string> ReferencesOf(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll")));
        var metadata = file.GetMetadataReader();
        return metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .ToList();
    }
}
