using Microsoft.Extensions.Time.Testing;
using Ppma.Controllers.Events;

namespace Ppma.Controllers.Tests.Events;

public sealed class EventCorrelatorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EventCorrelator _correlator;

    public EventCorrelatorTests() => _correlator = new EventCorrelator(_time);

    [Fact]
    public void Correlate_TheSameNoteWithinTheWindow_CountsOnOneEvent()
    {
        EventSeries first = _correlator.Correlate(Note("full"))!;
        _time.Advance(TimeSpan.FromMinutes(9));
        EventSeries second = _correlator.Correlate(Note("full"))!;
        _time.Advance(TimeSpan.FromMinutes(9));
        EventSeries third = _correlator.Correlate(Note("full"))!;

        Assert.Same(first, second);
        Assert.Same(first, third);
        Assert.Equal(3, third.Count);
    }

    [Fact]
    public void Correlate_TheSameNoteMuchLater_IsAnotherEvent()
    {
        EventSeries first = _correlator.Correlate(Note("full"))!;
        _time.Advance(TimeSpan.FromMinutes(10));
        EventSeries second = _correlator.Correlate(Note("full"))!;

        Assert.NotEqual(first.Key, second.Key);
        Assert.Equal(1, second.Count);
    }

    [Fact]
    public void Correlate_NotesThatDifferInAnything_AreEventsOfTheirOwn()
    {
        EventNote note = Note("full");

        ObjectKey[] keys = new[]
        {
            note, note with { Message = "empty" }, note with { Reason = "Other" }, note with { Severity = EventSeverity.Normal }, note with { About = note.About with { Uid = "u2" } },
        }.Select(each => _correlator.Correlate(each)!.Key).ToArray();

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    [Fact]
    public void Correlate_AnObjectThatHasTooMuchToTell_GetsABurstAndThenOneInFiveMinutes()
    {
        int told = Enumerable.Range(0, 100).Count(index => _correlator.Correlate(Note($"message {index}")) is not null);
        _time.Advance(TimeSpan.FromMinutes(5));
        bool[] later = [_correlator.Correlate(Note("later")) is not null, _correlator.Correlate(Note("still later")) is not null];

        Assert.Equal(25, told);
        Assert.Equal([true, false], later);
        Assert.NotNull(_correlator.Correlate(Note("another object") with { About = new EventSubject("v1", "Pod", "team", "b", "u2") }));
    }

    [Fact]
    public void Correlate_OfMoreObjectsThanItRemembers_ForgetsThoseLongestSilent()
    {
        EventSeries recent = _correlator.Correlate(Note("full", uid: "first"))!;
        for (int index = 0; index < 10_000; index++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.NotNull(_correlator.Correlate(Note("full", $"u{index}")));
        }

        Assert.NotSame(recent, _correlator.Correlate(Note("full", uid: "first")));
        Assert.Equal(2, _correlator.Correlate(Note("full", "u9999"))!.Count);
    }

    private static EventNote Note(string message, string uid = "u1") =>
        new(new EventSubject("v1", "Pod", "team", "a", uid), EventSeverity.Warning, "Reason", message);
}
