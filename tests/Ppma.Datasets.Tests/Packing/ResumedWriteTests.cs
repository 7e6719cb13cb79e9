using Ppma.Datasets.Indexing;
using Ppma.Datasets.Packing;

namespace Ppma.Datasets.Tests.Packing;

public class ResumedWriteTests
{
    private const int All = Samples.Train + Samples.Test;

    private static readonly PackingOptions Options = new() { ShardBytes = 8192, ResumeKey = "these samples" };

    [Fact]
    public void Complete_InterruptedAfterAnySample_GivesTheBytesOfOneWrite()
    {
        using var clean = new TempFolder();
        Samples.Pack(clean.Path);
        for (int interruption = 0; interruption <= All; interruption++)
        {
            using var folder = new TempFolder();
            using (DatasetWriter first = DatasetWriter.Create(folder.Path, Samples.Description, Options))
            {
                AddMissing(first, interruption);
            }

            using (DatasetWriter second = DatasetWriter.Create(folder.Path, Samples.Description, Options))
            {
                Assert.Equal(PackingStart.Continued, second.Start);
                AddMissing(second, All);
                second.Complete();
            }

            AssertSame(clean, folder);
        }
    }

    [Fact]
    public void Complete_InterruptedAtEveryShard_EndsAfterAsManyWrites()
    {
        using var clean = new TempFolder();
        using var folder = new TempFolder();
        DatasetIndex index = Samples.Pack(clean.Path);
        for (int attempt = 1; ; attempt++)
        {
            using DatasetWriter writer = DatasetWriter.Create(folder.Path, Samples.Description, Options);
            int complete = writer.CompleteShards.Count;
            for (int i = 0; i < All && writer.CompleteShards.Count == complete; i++)
            {
                Add(writer, i);
            }

            if (writer.CompleteShards.Count == complete)
            {
                writer.Complete();
                break;
            }

            Assert.InRange(attempt, 1, index.Shards.Count);
        }

        AssertSame(clean, folder);
    }

    [Fact]
    public void Create_OtherKey_BeginsAnew()
    {
        using var folder = new TempFolder();
        using (DatasetWriter first = DatasetWriter.Create(folder.Path, Samples.Description, Options))
        {
            AddMissing(first, All);
        }

        using DatasetWriter second = DatasetWriter.Create(folder.Path, Samples.Description, Options with { ResumeKey = "other samples" });

        Assert.Equal(PackingStart.Replaced, second.Start);
        Assert.Empty(second.CompleteShards);
        Assert.False(second.Contains("train-0"));
        Assert.Equal(["journal.jsonl", "lock"], Files(folder[".partial"]));
    }

    [Fact]
    public void Create_NoKey_RemovesWhatAnInterruptedWriteLeft()
    {
        using var folder = new TempFolder();
        using (DatasetWriter first = DatasetWriter.Create(folder.Path, Samples.Description, Options))
        {
            AddMissing(first, All);
        }

        using (DatasetWriter second = DatasetWriter.Create(folder.Path, Samples.Description))
        {
            Assert.Equal(PackingStart.Fresh, second.Start);
        }

        Assert.Empty(Files(folder.Path));
    }

    /// <summary>What a machine that lost its power, or a person, may do to the files.</summary>
    [Theory]
    [InlineData("train-000000.tar", "short")]
    [InlineData("train-000000.tar", "gone")]
    [InlineData("train-000001.tar", "short")]
    [InlineData("train-000000.tar.idx", "changed")]
    [InlineData("train-000000.tar.idx", "gone")]
    [InlineData("journal.jsonl", "short")]
    [InlineData("journal.jsonl", "changed")]
    [InlineData("journal.jsonl", "gone")]
    public void Complete_WhatWasLeftIsDamaged_IsWrittenAgain(string file, string damage)
    {
        using var clean = new TempFolder();
        using var folder = new TempFolder();
        Samples.Pack(clean.Path);
        using (DatasetWriter first = DatasetWriter.Create(folder.Path, Samples.Description, Options))
        {
            AddMissing(first, All);
            Assert.True(first.CompleteShards.Count > 2);
        }

        string path = folder[$".partial/{file}"];
        byte[] bytes = File.ReadAllBytes(path);
        File.Delete(path);
        if (damage != "gone")
        {
            bytes[^10] ^= 1;
            File.WriteAllBytes(path, damage == "short" ? bytes[..^9] : bytes);
        }

        using (DatasetWriter second = DatasetWriter.Create(folder.Path, Samples.Description, Options))
        {
            AddMissing(second, All);
            second.Complete();
        }

        AssertSame(clean, folder);
    }

    /// <summary>The last step moves file after file; what was moved is not lost.</summary>
    [Fact]
    public void Complete_InterruptedWhileMoving_WritesNothingAgain()
    {
        using var clean = new TempFolder();
        Samples.Pack(clean.Path);
        string[] files = [.. Files(clean.Path).Where(name => name != "index.json")];
        for (int moved = 0; moved <= files.Length; moved++)
        {
            using var folder = new TempFolder();
            using (DatasetWriter first = DatasetWriter.Create(folder.Path, Samples.Description, Options))
            {
                AddMissing(first, All);
                first.Seal();
            }

            foreach (string file in files.Take(moved))
            {
                File.Move(folder[$".partial/{file}"], folder[file]);
            }

            using (DatasetWriter second = DatasetWriter.Create(folder.Path, Samples.Description, Options))
            {
                Assert.Equal(files.Length / 2, second.CompleteShards.Count);
                Assert.Equal(0, AddMissing(second, All));
                second.Complete();
            }

            AssertSame(clean, folder);
        }
    }

    [Fact]
    public void Complete_OverwriteInterrupted_LeavesTheOldDataSetUntilTheEnd()
    {
        using var folder = new TempFolder();
        DatasetDescription old = Samples.Description with { Name = "old" };
        Samples.Pack(folder.Path, old);
        byte[] index = File.ReadAllBytes(folder["index.json"]);
        PackingOptions overwriting = Options with { Overwrite = true };
        using (DatasetWriter first = DatasetWriter.Create(folder.Path, Samples.Description, overwriting))
        {
            AddMissing(first, All);
        }

        Assert.Equal(index, File.ReadAllBytes(folder["index.json"]));
        using (DatasetWriter second = DatasetWriter.Create(folder.Path, Samples.Description, overwriting))
        {
            Assert.NotEmpty(second.CompleteShards);
            AddMissing(second, All);
            second.Complete();
        }

        using var clean = new TempFolder();
        Samples.Pack(clean.Path);
        AssertSame(clean, folder);
    }

    private static int AddMissing(DatasetWriter writer, int end) => Enumerable.Range(0, end).Count(i => Add(writer, i));

    private static bool Add(DatasetWriter writer, int i)
    {
        (string split, string key, string extension) = i < Samples.Train ? ("train", $"train-{i}", "mp4") : ("test", $"test-{i - Samples.Train}", "webm");
        if (writer.Contains(key))
        {
            return false;
        }

        if (i < Samples.Train)
        {
            writer.Add(split, key, Samples.Video(i), i % 2, new() { ["source"] = $"a/b#{i}.mp4" }, extension);
        }
        else
        {
            writer.Add(split, key, Samples.Video(100 + i - Samples.Train), 1, extension: extension);
        }

        return true;
    }

    private static void AssertSame(TempFolder expected, TempFolder actual)
    {
        Assert.Equal(Files(expected.Path), Files(actual.Path));
        Assert.All(Files(expected.Path), name => Assert.Equal(File.ReadAllBytes(expected[name]), File.ReadAllBytes(actual[name])));
    }

    private static string[] Files(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
