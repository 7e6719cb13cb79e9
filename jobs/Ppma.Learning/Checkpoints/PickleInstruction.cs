namespace Ppma.Learning.Checkpoints;

/// <summary>Names of pickle instructions that are refused, for messages.</summary>
internal static class PickleInstruction
{
    public static string NameOf(byte instruction) => (char)instruction switch
    {
        'i' => "INST (make an object)",
        'o' => "OBJ (make an object)",
        '\x81' => "NEWOBJ (make an object)",
        '\x92' => "NEWOBJ_EX (make an object)",
        '\x82' or '\x83' or '\x84' => "EXT (a name from a registry)",
        'P' => "PERSID (a persistent id in text)",
        '\x97' or '\x98' => "NEXT_BUFFER or READONLY_BUFFER (bytes from elsewhere)",
        'B' or 'C' or '\x8e' or '\x96' or 'S' or 'T' or 'U' or 'V' => "one for bytes or text that torch.save does not write",
        _ => $"0x{instruction:x2}",
    };
}
