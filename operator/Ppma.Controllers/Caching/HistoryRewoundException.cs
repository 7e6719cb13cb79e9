namespace Ppma.Controllers.Caching;

/// <summary>The server said something older than what it had said before: only a new list tells what holds now.</summary>
internal sealed class HistoryRewoundException(string message) : Exception(message);
