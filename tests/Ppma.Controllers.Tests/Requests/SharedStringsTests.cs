using CsCheck;
using k8s.Models;
using Ppma.Controllers.Requests;

namespace Ppma.Controllers.Tests.Requests;

public sealed class SharedStringsTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char['\0', '\u024f'], 0, 40];

    [Fact]
    public void Objects_ThatSayTheSame_ShareTheirStrings()
    {
        var json = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","labels":{"team":"vision"}},"data":{"key":"value"}}"""u8;

        var one = ResourceJson.TryRead<V1ConfigMap>(json, out _)!;
        var other = ResourceJson.TryRead<V1ConfigMap>(json, out _)!;

        Assert.NotSame(one, other);
        Assert.Same(one.Metadata.Name, other.Metadata.Name);
        Assert.Same(one.Metadata.Labels["team"], other.Metadata.Labels["team"]);
        Assert.Same(one.Data.Keys.Single(), other.Data.Keys.Single());
    }

    [Fact]
    public void Strings_OfAnyKind_AreReadAsTheyWereWritten() => Gen.Dictionary(Texts, Texts)[0, 8].Sample(data =>
    {
        data["long"] = new string('x', 100_000);
        data["escaped"] = "a\"b\\c\nd\u00e9\ud83d\ude00";
        data["none"] = null!;

        var read = ResourceJson.TryRead<V1ConfigMap>(ResourceJson.Write(new V1ConfigMap { Data = data }), out var problem);

        Assert.Null(problem);
        Assert.Equal(data, read!.Data);
    });
}
