using Ppma.Datasets.Packing.Sources;

namespace Ppma.Datasets.Tests.Packing.Sources;

public class ListedSourcesTests
{
    /// <summary>As published: no newline at the end, any characters in the paths.</summary>
    [Theory]
    [InlineData("a b.c/d;e,f.mp4;0\nx.mp4;1", "a b.c/d;e,f.mp4", "0")]
    [InlineData("a b.c/d,f.mp4,0\r\nx.mp4,1\r\n", "a b.c/d,f.mp4", "0")]
    [InlineData("a b.c/d.mp4 0\nx.mp4 1\n", "a b.c/d.mp4", "0")]
    [InlineData("a.mp4\tbrush hair\nb.mp4\twave\n", "a.mp4", "brush hair")]
    [InlineData("a.mp4\nb.mp4\n", "a.mp4", null)]
    [InlineData("\n  a.mp4;wave  \n\nno label\nb.mp4;clap", "a.mp4", "wave")]
    public void Parse_PublishedForms_CutsAtTheLastSeparator(string text, string path, string? label)
    {
        SourceList list = SourceList.Parse(text.Split('\n'), "train.txt", "train");

        Assert.Equal((path, label), (list.Lines[0].Path, list.Lines[0].Label));
    }

    [Fact]
    public void Parse_EmptyLines_KeepTheNumbersOfOthers() =>
        Assert.Equal([2, 4], SourceList.Parse(["", "a.mp4;1", " ", "b.mp4;2"], "train.txt", "train").Lines.Select(line => line.Number));

    [Fact]
    public void Find_NumbersWithClasses_AreLabels()
    {
        using var tree = new SourceTree("v/a.mp4", "v/b.mp4", "v/c.mp4");

        SourceSet set = ListedSources.Find(tree.Path, [List("train", "v/a.mp4;2", "v/b.mp4;0"), List("test", "v/c.mp4;1")], ["x", "y", "z"]);

        Assert.Equal([("test", "v/c.mp4", 1), ("train", "v/a.mp4", 2), ("train", "v/b.mp4", 0)], set.Sources.Select(Short).Order());
        Assert.Equal(["x", "y", "z"], set.Classes);
    }

    [Fact]
    public void Find_Names_AreTheClasses()
    {
        using var tree = new SourceTree("a.mp4", "b.mp4");

        SourceSet set = ListedSources.Find(tree.Path, [List("train", "a.mp4;wave", "b.mp4;clap")]);

        Assert.Equal(["clap", "wave"], set.Classes);
        Assert.Equal([("train", "a.mp4", 1), ("train", "b.mp4", 0)], set.Sources.Select(Short).Order());
    }

    [Fact]
    public void Find_PathsAlone_HaveNoLabels()
    {
        using var tree = new SourceTree("a.mp4");

        SourceSet set = ListedSources.Find(tree.Path, [List("train", "./a.mp4")]);

        Assert.Equal([("train", "a.mp4", -1)], set.Sources.Select(Short));
    }

    [Theory]
    [InlineData("v/a", "v/a.webm")]
    [InlineData("v/a.avi", "v/a.webm")]
    [InlineData("v/b", "v/b")]
    [InlineData("v/b.avi", "v/b")]
    [InlineData("v/b/", "v/b")]
    [InlineData("v/C.x.mp4", "v/C.x.AVI")]
    public void Find_OtherExtensionOrNone_FindsWhatTheVideoWasTurnedInto(string listed, string found)
    {
        using var tree = new SourceTree("v/a.webm", "v/b/1.jpg", "v/C.x.AVI");

        Assert.Equal(found, ListedSources.Find(tree.Path, [List("train", listed)]).Sources.Single().RelativePath);
    }

    [Fact]
    public void Find_SeveralProblems_AreAllNamedByFileAndLine()
    {
        using var tree = new SourceTree("a.mp4", "b.mp4", "b.avi", "c.mp4", "empty/x.txt", "d.txt");
        string[] lines =
            ["a.mp4;0", "a.mp4;1", "none.mp4;0", "b;0", "c.mp4;7", "c.mp4;one", "../a.mp4;0", "empty;0", "a", "d.txt;0", "/etc/passwd;0"];

        var refused = Assert.Throws<SourceProblemsException>(() =>
            ListedSources.Find(tree.Path, [List("train", lines), List("test", "a.mp4;0")], ["x", "y"]));

        Assert.Equal(
            [
                "train.txt:2: 'a.mp4' is in train.txt:1 already",
                $"train.txt:3: there is no video and no folder of frames 'none.mp4' in {tree.Path}",
                "train.txt:4: 'b' may be any of b.mp4, b.avi; write which",
                "train.txt:5: the label 7 is too large: the labels of 2 classes are 0 to 1",
                "train.txt:6: the label 'one' is no number, as others are",
                "train.txt:6: 'c.mp4' is in train.txt:5 already",
                "train.txt:7: '../a.mp4' is no path below the folder of sources",
                "train.txt:8: the folder 'empty' holds no JPEG or PNG files",
                "train.txt:9: the line has no label, as others do; write 'path;label'",
                "train.txt:9: 'a' is in train.txt:1 already",
                "train.txt:10: 'd.txt' is no video (.mp4 .webm .mkv .avi .mov .m4v .mpg .mpeg)",
                "train.txt:11: '/etc/passwd' is no path below the folder of sources",
                "test.txt:1: 'a.mp4' is in train.txt:1 already",
            ],
            refused.Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void Find_ManyProblems_ShowsTwentyAndTheCount()
    {
        using var tree = new SourceTree();

        var refused = Assert.Throws<SourceProblemsException>(() =>
            ListedSources.Find(tree.Path, [List("train", [.. Enumerable.Range(0, 50).Select(i => $"{i}.mp4;wave")])]));

        Assert.StartsWith("the sources have 50 problems; nothing was written\n  train.txt:1: there is no video", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("\n  … and 30 more", refused.Message, StringComparison.Ordinal);
        Assert.Equal(22, refused.Message.Split('\n').Length);
    }

    [Fact]
    public void Find_NumbersWithoutClasses_AsksForThemOnce()
    {
        using var tree = new SourceTree("a.mp4", "b.mp4");

        var refused = Assert.Throws<SourceProblemsException>(() => ListedSources.Find(tree.Path, [List("train", "a.mp4;0", "b.mp4;1")]));

        Assert.Contains("--classes FILE", Assert.Single(refused.Problems).Problem, StringComparison.Ordinal);
    }

    private static SourceList List(string split, params string[] lines) => SourceList.Parse(lines, $"{split}.txt", split);

    private static (string, string, int) Short(PackSource source) => (source.Split, source.RelativePath, source.Label);
}
