#:project ../operator/Ppma.Api/Ppma.Api.csproj
#:property PublishAot=false

// Writes the files that are made from the resource types: dotnet run eng/generate.cs ROOT
foreach (var (file, text) in Ppma.Api.Schemas.GeneratedFiles.All())
{
    var path = Path.Combine(args[0], file);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, text);
    Console.WriteLine($"{file}: {new FileInfo(path).Length} bytes");
}
