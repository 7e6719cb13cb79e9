using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Tests.Packing.Sources;

public class FolderSourcesTests
{
    [Fact]
    public void Find_SplitsAndClasses_AreTheFolders()
    {
        using var tree = new SourceTree("train/wave/a.mp4", "train/clap/b #1+.MKV", "test/wave/c.webm", "train/wave/notes.txt", ".cache/x.mp4");

        SourceSet set = FolderSources.Find(tree.Path);

        Assert.Equal(["clap", "wave"], set.Classes);
        Assert.Equal(
            ["test wave/c.webm 1 test-00000000", "train clap/b #1+.MKV 0 train-0000000x", "train wave/a.mp4 1 train-0000000x"],
            set.Sources.Select(source => $"{source.Split} {source.RelativePath.Split('/', 2)[1]} {source.Label} {(source.Split == "train" ? source.Key[..^1] + "x" : source.Key)}").Order(StringComparer.Ordinal));
        Assert.Equal(1, set.IgnoredFiles);
    }

    [Fact]
    public void Find_SplitGiven_FoldersAreClasses()
    {
        using var tree = new SourceTree("wave/a.mp4", "clap/b.mp4");

        SourceSet set = FolderSources.Find(tree.Path, "all", ["wave", "none", "clap"]);

        Assert.Equal([("clap/b.mp4", 2), ("wave/a.mp4", 0)], set.Sources.Select(source => (source.RelativePath, source.Label)).Order());
        Assert.All(set.Sources, source => Assert.Equal("all", source.Split));
    }

    [Fact]
    public void Find_VideosAlone_HaveNoLabels()
    {
        using var tree = new SourceTree("a.mp4", "b.mp4");

        SourceSet set = FolderSources.Find(tree.Path, "train");

        Assert.Empty(set.Classes);
        Assert.All(set.Sources, source => Assert.Equal(-1, source.Label));
    }

    [Fact]
    public void Find_FoldersOfFrames_AreSamples()
    {
        using var tree = new SourceTree("wave/clip one/2.jpg", "wave/clip one/10.jpg", "wave/clip one/info.txt", "clap/b.mp4");

        SourceSet set = FolderSources.Find(tree.Path, "train");

        PackSource frames = Assert.Single(set.Sources, source => source.Kind == SourceKind.Frames);
        Assert.Equal(("wave/clip one", 39L, 1), (frames.RelativePath, frames.Bytes, frames.Label));
        Assert.Equal(["2.jpg", "10.jpg"], SourceFiles.FramesOf(frames.FullPath).Select(Path.GetFileName));
        Assert.Equal(1, set.IgnoredFiles);
    }

    [Fact]
    public void Find_FramesInFoldersOfSplitsAndClasses_AreSamples()
    {
        using var tree = new SourceTree("train/wave/a/1.jpg", "test/wave/b/1.png");

        SourceSet set = FolderSources.Find(tree.Path);

        Assert.Equal(["test/wave/b", "train/wave/a"], set.Sources.Select(source => source.RelativePath));
    }

    [Fact]
    public void Find_SeveralProblems_AreAllNamed()
    {
        using var tree = new SourceTree("train/wave/a.mp4", "train/b.mp4", "Test/wave/c.mp4", "train/mixed/x.jpg", "train/mixed/deep/d.mp4", "train/sing/e.mp4");

        var refused = Assert.Throws<SourceProblemsException>(() => FolderSources.Find(tree.Path, classes: ["wave"]));

        Assert.Equal(
            ["Test/wave/c.mp4", "train/b.mp4", "train/mixed", "train/mixed", "train/sing/e.mp4"],
            refused.Problems.Select(problem => problem.File).Order(StringComparer.Ordinal));
        Assert.Contains("train/b.mp4: it does not lie in SPLIT/CLASS/; where the folders are classes, name the split (--split)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_NoVideos_SaysWhatWasLookedFor()
    {
        using var tree = new SourceTree("train/wave/a.txt");

        Assert.Contains("there are no videos (.mp4", Assert.Throws<SourceProblemsException>(() => FolderSources.Find(tree.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => FolderSources.Find(tree["none"]));
    }
}
