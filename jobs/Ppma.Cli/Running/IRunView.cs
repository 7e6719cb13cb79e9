namespace Ppma.Cli.Running;

/// <summary>Shows a board while its plan runs.</summary>
internal interface IRunView
{
    /// <summary>Returns after <paramref name="ended"/>, when the last state has been shown.</summary>
    Task ShowAsync(RunBoard board, CancellationToken ended);
}
