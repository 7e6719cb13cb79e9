using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Ppma.Operator.Hosting;

/// <summary>Settings from a JSON file, the environment and the command line; the later win. What is not known or not sound is refused by name.</summary>
internal static class OperatorConfiguration
{
    public const string EnvironmentPrefix = "PPMA_OPERATOR__";
    private const string FileOption = "config";

    private static readonly PropertyInfo[] Settings =
        [.. typeof(OperatorOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)];

    /// <param name="args">The command line: <c>--worker-image NAME</c> or <c>--worker-image=NAME</c>; <c>--config FILE</c> for a file.</param>
    /// <param name="environment">The environment: <c>PPMA_OPERATOR__WORKERIMAGE</c>; <c>PPMA_OPERATOR__CONFIG</c> for a file.</param>
    /// <exception cref="OperatorSettingsException">Settings are unknown or not sound.</exception>
    public static OperatorOptions Read(IReadOnlyList<string> args, IDictionary environment)
    {
        Dictionary<string, string?> fromEnvironment = FromEnvironment(environment);
        Dictionary<string, string?> fromCommandLine = FromCommandLine(args);
        string? file = fromCommandLine.GetValueOrDefault(FileOption) ?? fromEnvironment.GetValueOrDefault(FileOption);
        fromCommandLine.Remove(FileOption);
        fromEnvironment.Remove(FileOption);

        IConfigurationRoot configuration = Load(file, fromEnvironment, fromCommandLine);
        List<string> unknown = configuration.AsEnumerable()
            .Where(entry => !Settings.Any(setting => setting.Name.Equals(entry.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(entry => $"There is no setting \"{entry.Key}\"; there are {string.Join(", ", Settings.Select(setting => CamelCase(setting.Name)))}.")
            .ToList();
        if (unknown.Count > 0)
        {
            throw new OperatorSettingsException(unknown);
        }

        OperatorOptions options = Bind(configuration);
        List<string> problems = OperatorRules.Problems(options).ToList();
        return problems.Count == 0 ? options : throw new OperatorSettingsException(problems);
    }

    /// <summary>A setting as people know it: by its name in a file, in the environment and on the command line.</summary>
    public static string Describe(string property) => $"{CamelCase(property)} ({EnvironmentPrefix}{property.ToUpperInvariant()}, --{KebabCase(property)})";

    public static string Usage() =>
        $"""
        usage: ppma-operator [--config FILE] [--NAME VALUE]...
               ppma-operator --version

        A setting is given in FILE (JSON), in the environment or on the command line; the later win.

        {string.Join('\n', Settings.Select(setting => $"  --{KebabCase(setting.Name),-28} {EnvironmentPrefix}{setting.Name.ToUpperInvariant(),-26} default: {setting.GetValue(new OperatorOptions()) switch
        {
            "" => "none",
            { } value => value,
            _ => "none",
        }}"))}
        """;

    private static IConfigurationRoot Load(string? file, Dictionary<string, string?> environment, Dictionary<string, string?> commandLine)
    {
        try
        {
            var sources = new ConfigurationBuilder();
            if (file is not null)
            {
                sources.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
            }

            return sources.AddInMemoryCollection(environment).AddInMemoryCollection(commandLine).Build();
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or JsonException)
        {
            throw new OperatorSettingsException([$"The file of settings \"{file}\" cannot be read: {(e.InnerException ?? e).Message}"]);
        }
    }

    private static OperatorOptions Bind(IConfigurationRoot configuration)
    {
        var options = new OperatorOptions();
        var problems = new List<string>();
        foreach (PropertyInfo setting in Settings)
        {
            if (configuration[setting.Name] is not { } text)
            {
                continue;
            }

            try
            {
                setting.SetValue(options, Parse(setting.PropertyType, text));
            }
            catch (Exception e) when (e is FormatException or ArgumentException or OverflowException)
            {
                string expected = setting.PropertyType.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(setting.PropertyType))}" : "a whole number";
                problems.Add($"{Describe(setting.Name)} is \"{text}\"; it must be {expected}.");
            }
        }

        return problems.Count == 0 ? options : throw new OperatorSettingsException(problems);
    }

    private static object Parse(Type type, string text) =>
        type == typeof(int) ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
        : type.IsEnum ? Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text, ignoreCase: true) : throw new FormatException()
        : text;

    private static Dictionary<string, string?> FromEnvironment(IDictionary environment) =>
        environment.Cast<DictionaryEntry>()
            .Where(entry => ((string)entry.Key).StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(entry => ((string)entry.Key)[EnvironmentPrefix.Length..], entry => (string?)entry.Value, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string?> FromCommandLine(IReadOnlyList<string> args)
    {
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new OperatorSettingsException([$"\"{args[i]}\" is no option; options are given as --name value or --name=value."]);
            }

            string[] parts = args[i][2..].Split('=', 2);
            string value = parts.Length == 2 ? parts[1]
                : i + 1 < args.Count ? args[++i]
                : throw new OperatorSettingsException([$"Option {args[i]} has no value."]);
            given[parts[0].Replace("-", "", StringComparison.Ordinal)] = value;
        }

        return given;
    }

    private static string CamelCase(string property) => char.ToLowerInvariant(property[0]) + property[1..];

    private static string KebabCase(string property) =>
        string.Concat(property.Select((letter, i) => char.IsUpper(letter) ? $"{(i > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
