using Microsoft.Extensions.Logging;

namespace Ppma.Controllers.Requests;

internal sealed partial class ResourceClient<T>
{
    [LoggerMessage(
        LogLevel.Error,
        "{Kind} {Namespace}/{Name} cannot be read and is treated as if it were not there: {Problem}. It may use what a newer version of this program knows: upgrade, or correct the object")]
    private partial void LogUnreadable(string kind, string @namespace, string name, string problem);
}
