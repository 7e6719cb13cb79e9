using System.Runtime.InteropServices;
using Ppma.Learning.Interop;

namespace Ppma.Learning.Tests.Interop;

public sealed class LibTorchSelfTestTests
{
    [Fact]
    public void Run_ThisMachine_Passes() => LibTorchSelfTest.Run();

    [Theory]
    [InlineData("/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)", "libstdc++ lacks GLIBCXX_3.4.32")]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.38' not found (required by /app/libtorch.so)", "C library lacks GLIBC_2.38")]
    [InlineData("libtorch_cpu.so: cannot open shared object file: No such file or directory", "libtorch_cpu.so is missing")]
    [InlineData("file too short", "file too short")]
    public void Explain_LoaderMessage_IsOneSentenceWithCauseAndFix(string said, string cause)
    {
        string sentence = LoadFailure.Explain(said, Architecture.X64);
        Assert.Contains(cause, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OtherArchitecture_NamesIt() =>
        Assert.Contains("this machine is Arm64", LoadFailure.Explain("wrong ELF class", Architecture.Arm64), StringComparison.Ordinal);

    [Fact]
    public void LoaderMessage_FolderWithoutTheLibrary_SaysItIsMissing()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("libLibTorchSharp.so is missing", LoadFailure.Explain(LoadFailure.LoaderMessage(folder.Path), Architecture.X64), StringComparison.Ordinal);
    }

    [Fact]
    public void LoaderMessage_DamagedLibrary_GivesTheLoadersReason()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("libLibTorchSharp.so"), "no library");
        Assert.NotEqual("", LoadFailure.LoaderMessage(folder.Path));
    }
}
