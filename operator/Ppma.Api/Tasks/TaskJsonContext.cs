using System.Text.Json.Serialization;

namespace Ppma.Api.Tasks;

/// <summary>What <see cref="TaskJson"/> reads and writes by generated code; its options decide names and strictness.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TaskSpec))]
[JsonSerializable(typeof(TaskResult))]
[JsonSerializable(typeof(TaskProgress))]
internal sealed partial class TaskJsonContext : JsonSerializerContext;
