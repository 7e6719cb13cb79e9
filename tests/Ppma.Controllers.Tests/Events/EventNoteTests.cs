using System.Text;
using CsCheck;
using Ppma.Controllers.Events;
using Ppma.Controllers.Tests.Requests;

namespace Ppma.Controllers.Tests.Events;

public sealed class EventNoteTests
{
    private static readonly string[] Characters = ["a", "ö", "語", "👍"];

    [Fact]
    public void Of_AMessageThatFits_KeepsIt() => Assert.Equal("all is well", Cut("all is well"));

    [Fact]
    public void Of_AnyMessage_IsCutAtACharacterTo1024Bytes() =>
        Gen.Int[0, Characters.Length - 1].Array[0, 1500].Select(indices => string.Concat(indices.Select(index => Characters[index]))).Sample(message =>
        {
            string cut = Cut(message);
            string kept = cut.EndsWith('…') ? cut[..^1] : cut;
            int bytes = Encoding.UTF8.GetByteCount(cut);
            return bytes <= 1024
                && message.StartsWith(kept, StringComparison.Ordinal)
                && (kept.Length == 0 || !char.IsHighSurrogate(kept[^1]))
                && (cut == message || bytes > 1024 - 4);
        });

    private static string Cut(string message) => EventNote.Of(Widget.Named("a"), EventSeverity.Normal, "Reason", message).Message;
}
