using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Ppma.Worker.Tests;

/// <summary>
/// Operators of tensors that make scalars without an owner are banned (<c>eng/BannedSymbols.TorchSharp.txt</c>), but the analyzer does not
/// see <c>+=</c> and its like. What was compiled tells of those too.
/// </summary>
public sealed class TensorOperatorTests
{
    [Theory]
    [InlineData("Ppma.Learning")]
    [InlineData("Ppma.Video")]
    [InlineData("ppma-worker")]
    public void Program_AsCompiled_UsesNoOperatorThatMakesAScalar(string assembly) =>
        Assert.Empty(TensorOperators(Assembly.Load(assembly)).Where(MakesScalar).Select(used => used.ToString()));

    [Fact]
    public void TensorOperators_OfAnAssemblyWithAny_AreFound() =>
        Assert.Contains(TensorOperators(Assembly.Load("Ppma.Learning")), used => used.Name == "op_Multiply");

    private static bool MakesScalar(MethodBase used) =>
        used.Name == "op_Addition" || used.GetParameters().Any(parameter => parameter.ParameterType.IsPrimitive);

    private static List<MethodBase> TensorOperators(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        return
        [
            .. metadata.MemberReferences
                .Where(handle => IsTensorOperator(metadata, metadata.GetMemberReference(handle)))
                .Select(handle => assembly.ManifestModule.ResolveMethod(MetadataTokens.GetToken(handle))!),
        ];
    }

    private static bool IsTensorOperator(MetadataReader metadata, MemberReference member) =>
        metadata.GetString(member.Name).StartsWith("op_", StringComparison.Ordinal)
        && member.Parent.Kind == HandleKind.TypeReference
        && metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)member.Parent).Name) == "Tensor";
}
