using Ppma.Operator.Hosting;

return await OperatorProcess.RunAsync(args);
