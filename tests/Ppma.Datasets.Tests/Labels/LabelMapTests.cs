using Ppma.Datasets.Labels;

namespace Ppma.Datasets.Tests.Labels;

public sealed class LabelMapTests
{
    private static readonly string[][] Classes = [["wave", "clap"], ["jump", "wave", "Wave"]];

    [Fact]
    public void ByName_NamesInCommon_ShareAnOutput()
    {
        LabelMap map = LabelMap.ByName(Classes);

        // Ordinal order: capitals first, whatever the language of the machine.
        Assert.Equal(["Wave", "clap", "jump", "wave"], map.Heads.Single());
        Assert.Equal(3, map.OutputOf(dataset: 0, classIndex: 0));
        Assert.Equal(3, map.OutputOf(dataset: 1, classIndex: 1));
        Assert.Equal(0, map.OutputOf(dataset: 1, classIndex: 2));
    }

    [Fact]
    public void ByName_AnyClass_LeadsToTheOutputOfItsName()
    {
        LabelMap map = LabelMap.ByName(Classes);

        for (int dataset = 0; dataset < Classes.Length; dataset++)
        {
            Assert.Equal(Classes[dataset], Classes[dataset].Select((_, index) => map.Heads[0][map.OutputOf(dataset, index)]));
        }
    }

    [Fact]
    public void ByName_OtherOrderOfSets_GivesTheSameOutputs()
    {
        Assert.Equal(LabelMap.ByName(Classes).Heads, LabelMap.ByName([Classes[1], Classes[0]]).Heads);
    }

    [Fact]
    public void ByIndex_DifferingNames_JoinsWhatHasOnePosition()
    {
        LabelMap map = LabelMap.ByIndex(Classes);

        Assert.Equal(["wave | jump", "clap | wave", "Wave"], map.Heads.Single());
        Assert.Equal(1, map.OutputOf(dataset: 0, classIndex: 1));
        Assert.Equal(1, map.OutputOf(dataset: 1, classIndex: 1));
    }

    [Fact]
    public void ByIndex_EqualNames_KeepsThemAsTheyAre()
    {
        Assert.Equal(["wave", "clap"], LabelMap.ByIndex([Classes[0], Classes[0]]).Heads.Single());
    }

    [Fact]
    public void PerDataset_EverySet_HasAHeadWithItsOwnClassesInTheirOrder()
    {
        LabelMap map = LabelMap.PerDataset(Classes);

        Assert.Equal<IReadOnlyList<string>>(Classes, map.Heads);
        Assert.Equal((0, 1), (map.HeadOf(dataset: 0), map.OutputOf(dataset: 0, classIndex: 1)));
        Assert.Equal((1, 1), (map.HeadOf(dataset: 1), map.OutputOf(dataset: 1, classIndex: 1)));
    }

    [Fact]
    public void Find_ByName_TakesAnySetWhoseClassesAreKnown()
    {
        LabelMap map = LabelMap.ByName(Classes);

        (int head, IReadOnlyList<int> outputs) = map.Find(["jump", "clap"])!.Value;
        Assert.Equal(0, head);
        Assert.Equal([2, 1], outputs);
        Assert.Null(map.Find(["jump", "run"]));
    }

    [Fact]
    public void Find_SeveralSetsOfTheSameClasses_TakesTheOneAskedFor()
    {
        LabelMap map = LabelMap.PerDataset([Classes[0], Classes[1], Classes[0]]);

        Assert.Equal(0, map.Find(Classes[0])!.Value.Head);
        Assert.Equal(2, map.Find(Classes[0], like: 2)!.Value.Head);
        Assert.Equal(0, map.Find(Classes[0], like: 1)!.Value.Head);
    }

    [Fact]
    public void Find_ByIndexOrPerDataset_TakesTheClassesOfOneOfTheSets()
    {
        Assert.Equal(0, LabelMap.ByIndex(Classes).Find(Classes[1])!.Value.Head);
        Assert.Equal(1, LabelMap.PerDataset(Classes).Find(["jump", "wave", "Wave"])!.Value.Head);
        Assert.Equal([0, 1, 2], LabelMap.PerDataset(Classes).Find(Classes[1])!.Value.Outputs);
        Assert.Null(LabelMap.ByIndex(Classes).Find(["clap", "wave"]));
        Assert.Null(LabelMap.PerDataset(Classes).Find(["wave"]));
    }
}
