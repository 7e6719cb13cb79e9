using Ppma.Worker.Hosting;
using Ppma.Worker.Tasks;

return await WorkerProcess.RunAsync(args, services => services.AddTaskRunners());
