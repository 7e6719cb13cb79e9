namespace Ppma.Api.Tasks;

/// <summary>The learning-rate curves of the paper (golden/schedules.json).</summary>
public enum SchedulePreset
{
    Mae,
    Align,
    LinearProbe,
    Adaptive,
}
