using System.Text.Json;
using Ppma.Api;
using Ppma.Api.Tasks;
using Ppma.Datasets.Indexing;
using Ppma.Worker.Execution;
using Ppma.Worker.Records;
using Ppma.Worker.Tests.Tasks;

namespace Ppma.Worker.Tests.Records;

[Collection(nameof(GlobalGenerator))]
public sealed class RecordWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AfterClipsWereDamaged_ListsThemWithTheReason()
    {
        string data = TinyData.Pack(
            _folder.File("mixed"), HumanPresence.None, [], [.. Enumerable.Range(0, 8).Select(clip => ("train", clip != 3))]);
        TaskContext context = TinyTasks.ContextOf(TinyTasks.Mae(_folder.File("run"), TinyData.Input(data, Humans.None)));
        var writer = new RecordWriter([]);

        writer.Write(context);
        Assert.False(Record().TryGetProperty("damaged", out _));
        TrainingOutcome outcome = TinyTasks.Run(context, TestContext.Current.CancellationToken).Training!;
        writer.Write(context);

        Assert.Equal(outcome.DamagedClips, Record().GetProperty("damagedClips").GetInt64());
        JsonElement first = Record().GetProperty("damaged")[0];
        Assert.Equal(("mixed", "clip-03"), (first.GetProperty("dataset").GetString(), first.GetProperty("key").GetString()));
        Assert.NotEmpty(first.GetProperty("reason").GetString()!);
    }

    private JsonElement Record() => JsonDocument.Parse(File.ReadAllBytes(_folder.File("run/mae/record.json"))).RootElement;
}
