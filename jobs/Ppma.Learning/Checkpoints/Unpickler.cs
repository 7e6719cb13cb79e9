using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Ppma.Learning.Checkpoints;

/// <summary>
/// Reads the pickles that torch.save writes and nothing else: plain containers, numbers, strings and tensors. It calls no function and
/// makes no object by name, so a hostile file can at most be refused.
/// </summary>
internal sealed class Unpickler
{
    private const int HighestProtocol = 5;

    private readonly byte[] pickle;
    private readonly string file;
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = [];
    private readonly Dictionary<int, object?> memo = [];
    private int position;

    private Unpickler(byte[] pickle, string file)
    {
        this.pickle = pickle;
        this.file = file;
    }

    /// <exception cref="CheckpointFormatException">The pickle holds anything else, or ends early.</exception>
    public static object? Read(byte[] pickle, string file)
    {
        var unpickler = new Unpickler(pickle, file);
        try
        {
            return unpickler.Run();
        }
        catch (Exception e) when (e is InvalidCastException or ArgumentException or InvalidOperationException or IndexOutOfRangeException
            or KeyNotFoundException or OverflowException or NullReferenceException)
        {
            throw unpickler.Refuse($"the instruction before byte {unpickler.position} of its pickle does not fit what came before it", e);
        }
    }

    private object? Run()
    {
        while (true)
        {
            byte instruction = pickle[position++];
            if (instruction == '.')
            {
                return Pop();
            }

            if (!Number(instruction) && !Text(instruction) && !Container(instruction) && !Memory(instruction))
            {
                throw Refuse($"its pickle uses instruction 0x{instruction:x2} at byte {position - 1}, which torch.save does not");
            }
        }
    }

    private bool Number(byte instruction)
    {
        switch ((char)instruction)
        {
            case 'N': stack.Add(null); return true;
            case '\x88': stack.Add(true); return true;
            case '\x89': stack.Add(false); return true;
            case 'K': stack.Add((long)pickle[position++]); return true;
            case 'M': stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); return true;
            case 'J': stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); return true;
            case 'G': stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); return true;
            case '\x8a': stack.Add(LongInteger(Take(pickle[position++]))); return true;
            default: return false;
        }
    }

    private bool Text(byte instruction)
    {
        switch ((char)instruction)
        {
            case 'X': stack.Add(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32LittleEndian(Take(4))))); return true;
            case '\x8c': stack.Add(Encoding.UTF8.GetString(Take(pickle[position++]))); return true;
            case 'c': stack.Add(new PickleName(Line(), Line())); return true;
            default: return false;
        }
    }

    private bool Container(byte instruction)
    {
        switch ((char)instruction)
        {
            case '}': stack.Add(new Dictionary<object, object?>()); return true;
            case ']': stack.Add(new List<object?>()); return true;
            case ')': stack.Add(Array.Empty<object?>()); return true;
            case '(': marks.Push(stack.Count); return true;
            case 't': stack.Add(PopToMark().ToArray()); return true;
            case '\x85': stack.Add(PopLast(1)); return true;
            case '\x86': stack.Add(PopLast(2)); return true;
            case '\x87': stack.Add(PopLast(3)); return true;
            case 'a': Append([Pop()]); return true;
            case 'e': Append(PopToMark()); return true;
            case 's': SetItems([.. PopLast(2)]); return true;
            case 'u': SetItems(PopToMark()); return true;
            case 'Q': stack.Add(Storage((object?[])Pop()!)); return true;
            case 'R': Reduce(); return true;
            case 'b': Build(); return true;
            default: return false;
        }
    }

    private bool Memory(byte instruction)
    {
        switch ((char)instruction)
        {
            case '\x80': Protocol(); return true;
            case '\x95': _ = Take(8); return true;
            case 'q': memo[pickle[position++]] = stack[^1]; return true;
            case 'r': memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))] = stack[^1]; return true;
            case '\x94': memo[memo.Count] = stack[^1]; return true;
            case 'h': stack.Add(memo[pickle[position++]]); return true;
            case 'j': stack.Add(memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))]); return true;
            default: return false;
        }
    }

    private void Protocol()
    {
        if (pickle[position++] is > HighestProtocol and var protocol)
        {
            throw Refuse($"its pickle has protocol {protocol}; at most {HighestProtocol} is read");
        }
    }

    private void Append(IEnumerable<object?> values) => ((List<object?>)stack[^1]!).AddRange(values);

    private void SetItems(List<object?> pairs)
    {
        var items = (Dictionary<object, object?>)stack[^1]!;
        for (int i = 0; i < pairs.Count; i += 2)
        {
            items[pairs[i]!] = pairs[i + 1];
        }
    }

    // ('storage', torch.FloatStorage, key, device, elements)
    private static PickleStorage Storage(object?[] id) =>
        (string)id[0]! == "storage" && (PickleName)id[1]! is { Module: "torch" } kind
            ? new PickleStorage(kind.Name, (string)id[2]!, (long)id[4]!)
            : throw new InvalidOperationException();

    private void Reduce()
    {
        var arguments = (object?[])Pop()!;
        var function = (PickleName)Pop()!;
        stack.Add(function.ToString() switch
        {
            "torch._utils._rebuild_tensor_v2" => new PickleTensor(
                (PickleStorage)arguments[0]!, (long)arguments[1]!, Integers(arguments[2]), Integers(arguments[3])),
            "torch._utils._rebuild_parameter" => (PickleTensor)arguments[0]!,
            "collections.OrderedDict" when arguments.Length == 0 => new Dictionary<object, object?>(),
            var other => throw Refuse($"its pickle wants to call '{other}'; only tensors and plain containers are read"),
        });
    }

    // A state dict carries its module versions as an attribute, which nobody needs.
    private void Build()
    {
        _ = (Dictionary<object, object?>)Pop()!;
        _ = (Dictionary<object, object?>)stack[^1]!;
    }

    private static long[] Integers(object? tuple) => [.. ((object?[])tuple!).Select(value => (long)value!)];

    private static long LongInteger(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
        {
            throw new OverflowException();
        }

        long value = bytes.Length > 0 && (bytes[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = pickle.AsSpan(position, count);
        position += count;
        return taken;
    }

    private string Line()
    {
        int end = Array.IndexOf(pickle, (byte)'\n', position);
        var line = Encoding.UTF8.GetString(Take(end - position));
        position++;
        return line;
    }

    private object? Pop() => PopLast(1)[0];

    private object?[] PopLast(int count)
    {
        int from = stack.Count - count;
        if (marks.TryPeek(out int mark) && from < mark)
        {
            throw new InvalidOperationException();
        }

        var popped = stack.GetRange(from, count).ToArray();
        stack.RemoveRange(from, count);
        return popped;
    }

    private List<object?> PopToMark()
    {
        int mark = marks.Pop();
        var popped = stack.GetRange(mark, stack.Count - mark);
        stack.RemoveRange(mark, stack.Count - mark);
        return popped;
    }

    private CheckpointFormatException Refuse(string problem, Exception? inner = null) =>
        new(file, string.Create(CultureInfo.InvariantCulture, $"{problem}."), inner);
}
