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
        Assert.Equal(["Wave", "clap", "jump", "wave"], map.Outputs);
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
            Assert.Equal(Classes[dataset], Classes[dataset].Select((_, index) => map.Outputs[map.OutputOf(dataset, index)]));
        }
    }

    [Fact]
    public void ByName_OtherOrderOfSets_GivesTheSameOutputs()
    {
        Assert.Equal(LabelMap.ByName(Classes).Outputs, LabelMap.ByName([Classes[1], Classes[0]]).Outputs);
    }

    [Fact]
    public void ByIndex_DifferingNames_JoinsWhatHasOnePosition()
    {
        LabelMap map = LabelMap.ByIndex(Classes);

        Assert.Equal(["wave | jump", "clap | wave", "Wave"], map.Outputs);
        Assert.Equal(1, map.OutputOf(dataset: 0, classIndex: 1));
        Assert.Equal(1, map.OutputOf(dataset: 1, classIndex: 1));
    }

    [Fact]
    public void ByIndex_EqualNames_KeepsThemAsTheyAre()
    {
        Assert.Equal(["wave", "clap"], LabelMap.ByIndex([Classes[0], Classes[0]]).Outputs);
    }
}
