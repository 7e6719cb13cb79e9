namespace Ppma.Controllers.Reconciling;

/// <summary>Something whose change makes objects of a controller's kind worth another look.</summary>
internal interface ITrigger
{
    /// <summary>Names the objects to look at, on any thread, until what is returned is disposed.</summary>
    IDisposable Subscribe(Action<ObjectKey> lookAt);
}
