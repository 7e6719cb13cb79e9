// Compiled by MSBuild itself when a program that uses TorchSharp is built; see TorchSharp.targets.
using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library and marks its demand for one symbol version weak, so that the dynamic linker warns of a
/// missing version instead of refusing the library (System V ABI, "Symbol Versioning": Elf64_Verneed, Elf64_Vernaux, VER_FLG_WEAK).
/// </summary>
public sealed class WeakenVersionNeed : Task
{
    private const int SectionTypeVersionNeed = 0x6ffffffe;
    private const byte FlagWeak = 2;

    private byte[] image;

    /// <summary>The library as its package holds it.</summary>
    [Required]
    public string Library { get; set; }

    /// <summary>Name of the version, for example GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; }

    /// <summary>Where the mended copy goes.</summary>
    [Required]
    public string MendedLibrary { get; set; }

    public override bool Execute()
    {
        image = File.ReadAllBytes(Library);
        try
        {
            if (!IsElf64LittleEndian())
                return Refuse("it is no 64-bit little-endian ELF library");
            int weakened = WeakenNeeds();
            if (weakened != 1)
                return Refuse("it was expected to demand that version once, and does so " + weakened + " times");
        }
        catch (Exception e) when (e is ArgumentException || e is IndexOutOfRangeException || e is OverflowException)
        {
            return Refuse("its ELF tables point outside the file");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(MendedLibrary));
        File.Delete(MendedLibrary); // An older copy may be hard-linked into output folders: replace it, never write through the link.
        File.WriteAllBytes(MendedLibrary, image);
        Log.LogMessage(MessageImportance.Normal, "{0}: the demand for {1} is weak now.", MendedLibrary, Version);
        return true;
    }

    private bool Refuse(string reason)
    {
        Log.LogError(
            "{0} cannot be mended for systems without {1}: {2}. The TorchSharp package has probably changed; " +
            "if the new one loads on Debian 12 as it is, remove the import of eng/TorchSharp.targets, else adapt it.",
            Library, Version, reason);
        return false;
    }

    private bool IsElf64LittleEndian()
    {
        return image.Length > 64 && image[0] == 0x7f && image[1] == 'E' && image[2] == 'L' && image[3] == 'F' && image[4] == 2 && image[5] == 1;
    }

    private int WeakenNeeds()
    {
        int sections = Offset64(0x28);
        int sectionSize = UInt16(0x3a);
        int sectionCount = UInt16(0x3c);
        int weakened = 0;
        for (int i = 0; i < sectionCount; i++)
        {
            int section = checked(sections + i * sectionSize);
            if (Int32(section + 4) != SectionTypeVersionNeed)
                continue;
            int stringSection = checked(sections + Int32(section + 40) * sectionSize);
            weakened += WeakenNeedsOfSection(Offset64(section + 24), Offset64(stringSection + 24));
        }

        return weakened;
    }

    /// <summary>Walks the chain of needed files and, for each, the chain of needed versions.</summary>
    private int WeakenNeedsOfSection(int firstFile, int strings)
    {
        int weakened = 0;
        int file = firstFile;
        while (true)
        {
            int versionCount = UInt16(file + 2);
            int version = checked(file + Int32(file + 8));
            for (int i = 0; i < versionCount; i++)
            {
                if (Text(checked(strings + Int32(version + 8))) == Version)
                {
                    image[version + 4] |= FlagWeak;
                    weakened++;
                }

                version = checked(version + Int32(version + 12));
            }

            int next = Int32(file + 12);
            if (next <= 0)
                return weakened;
            file = checked(file + next);
        }
    }

    private int Offset64(int at)
    {
        return checked((int)BitConverter.ToInt64(image, at));
    }

    private int Int32(int at)
    {
        return BitConverter.ToInt32(image, at);
    }

    private int UInt16(int at)
    {
        return BitConverter.ToUInt16(image, at);
    }

    private string Text(int at)
    {
        int end = Array.IndexOf(image, (byte)0, at);
        return Encoding.ASCII.GetString(image, at, end - at);
    }
}
