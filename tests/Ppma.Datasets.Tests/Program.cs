using Ppma.Datasets.Tests;
using Ppma.Datasets.Tests.Caching;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// "cache …" makes this program a process that reads through a cache, to be killed; anything else runs the tests.
if (args is ["cache", .. string[] cacheArgs])
{
    return await CacheChild.RunAsync(cacheArgs);
}

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
