using Microsoft.Extensions.DependencyInjection;
using Ppma.Worker.Execution;
using Ppma.Worker.Hosting;
using Ppma.Worker.Tasks;
using Ppma.Worker.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// "worker …" makes this program a real worker process with one scripted kind of task, "computer …" one that computes;
// anything else runs the tests.
if (args is ["worker", .. string[] workerArgs])
{
    return await WorkerProcess.RunAsync(workerArgs, services => services.AddSingleton<ITaskRunner, ScriptedRunner>());
}

if (args is ["computer", .. string[] computerArgs])
{
    return await WorkerProcess.RunAsync(computerArgs, services => services.AddTaskRunners());
}

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
