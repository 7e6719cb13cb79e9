using Ppma.Cli;

return await PpmaCommand.RunAsync(args, Console.Out, Console.Error);
