namespace Ppma.Learning.Interop;

/// <summary>Torch's native library cannot be used here; the message is one sentence with the cause and the fix.</summary>
public sealed class LibTorchUnavailableException : Exception
{
    public LibTorchUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
