namespace Ppma.Operator.Hosting;

/// <summary>Settings with which the operator cannot start: each line names one, what is wrong with it, and what would be right.</summary>
internal sealed class OperatorSettingsException(IEnumerable<string> problems) : Exception(string.Join('\n', problems));
