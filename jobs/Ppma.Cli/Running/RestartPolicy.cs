using Ppma.Api.Tasks;

namespace Ppma.Cli.Running;

/// <summary>
/// Which ends are tried again on this machine, in the classes of docs/reference: storage, lost or killed workers up to
/// <see cref="InfrastructureBudget"/> times; a stall or a crash <see cref="ApplicationBudget"/> time; anything else never,
/// because it would end the same way.
/// </summary>
internal sealed class RestartPolicy
{
    public const int InfrastructureBudget = 3;
    public const int ApplicationBudget = 1;

    private const int Killed = 137;
    private const int Terminated = 143;

    private int _infrastructure;
    private int _application;

    /// <summary>Takes one restart from the budget that <paramref name="exitCode"/> is paid from.</summary>
    /// <returns>How long to wait before it; null when there is none left.</returns>
    public TimeSpan? Next(int exitCode)
    {
        bool granted = exitCode switch
        {
            ExitCodes.StorageOrNetwork or ExitCodes.RendezvousLost or ExitCodes.Interrupted or Killed or Terminated =>
                _infrastructure++ < InfrastructureBudget,
            ExitCodes.Superseded => false,
            >= 1 and <= 63 or >= 128 => _application++ < ApplicationBudget,
            _ => false,
        };
        return granted ? TimeSpan.FromSeconds(1 << (_infrastructure + _application)) : null;
    }
}
