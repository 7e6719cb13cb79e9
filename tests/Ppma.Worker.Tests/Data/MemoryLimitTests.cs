using Ppma.Worker.Data;

namespace Ppma.Worker.Tests.Data;

public sealed class MemoryLimitTests : IDisposable
{
    private readonly TemporaryFolder _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("sys/fs/cgroup/memory.max", "1073741824\n", 1_073_741_824L)]
    [InlineData("sys/fs/cgroup/memory.max", "max\n", 16_000_000L * 1024)]
    [InlineData("sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824\n", 1_073_741_824L)]
    [InlineData("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n", 16_000_000L * 1024)]
    public void Bytes_OfAContainer_AreItsLimitOrElseTheMachine(string file, string text, long expected)
    {
        Write("proc/meminfo", "MemTotal:       16000000 kB\nMemFree:        1 kB\n");
        Write(file, text);

        Assert.Equal(expected, MemoryLimit.Bytes(_root.Path));
    }

    [Fact]
    public void Bytes_WhereNothingIsTold_AreUnknown() => Assert.Null(MemoryLimit.Bytes(_root.Path));

    private void Write(string file, string text)
    {
        string path = Path.Combine(_root.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
