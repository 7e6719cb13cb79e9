using TorchSharp;

namespace Ppma.Video.Loading;

/// <summary>Threads that decode, as long as a stream is read.</summary>
internal sealed class DecodingThreads
{
    private static readonly Lock Starting = new();

    private readonly Thread[] _threads;

    /// <param name="count">How many.</param>
    /// <param name="work">What each does; it ends when it returns.</param>
    public DecodingThreads(int count, Action work)
    {
        _threads = new Thread[count];
        lock (Starting)
        {
            // Each thread works on a clip of its own: threads of torch inside of these would only get in each other's way. The number
            // holds for the thread that sets it and for threads that start later, so it is set back here.
            int computing = torch.get_num_threads();
            using var ready = new CountdownEvent(count);
            for (int i = 0; i < count; i++)
            {
                _threads[i] = new Thread(() =>
                {
                    // Asked first: a thread that has not asked yet takes the process's number at its first operation, over what was set.
                    _ = torch.get_num_threads();
                    torch.set_num_threads(1);
                    ready.Signal();
                    work();
                })
                {
                    IsBackground = true,
                    Name = $"decode {i}",
                };
                _threads[i].Start();
            }

            ready.Wait();
            torch.set_num_threads(computing);
        }
    }

    public void Join() => Array.ForEach(_threads, thread => thread.Join());
}
