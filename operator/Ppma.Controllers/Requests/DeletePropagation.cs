namespace Ppma.Controllers.Requests;

/// <summary>What happens to what an object owns when it is deleted.</summary>
public enum DeletePropagation
{
    /// <summary>The object goes at once, what it owns later.</summary>
    Background,

    /// <summary>The object stays until everything that it owns and that blocks it is gone: a Job until its pods are.</summary>
    Foreground,
}
