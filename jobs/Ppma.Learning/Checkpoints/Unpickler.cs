using System.Buffers.Binary;
using System.Collections.Frozen;
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

    // A hundred times what a large published file needs. With those on keys and axes it bounds memory and time, whatever the pickle says.
    private const int MostInstructions = 1_000_000;
    private const int MostAxes = 16;

    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string OrderedDictionary = "collections.OrderedDict";

    private static readonly FrozenSet<string> KnownNames = new[]
    {
        RebuildTensor, RebuildParameter, OrderedDictionary,
        "torch.FloatStorage", "torch.DoubleStorage", "torch.HalfStorage", "torch.BFloat16Storage",
        "torch.LongStorage", "torch.IntStorage", "torch.ShortStorage", "torch.CharStorage", "torch.ByteStorage", "torch.BoolStorage",
    }.ToFrozenSet();

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
        for (int count = 0; count < MostInstructions; count++)
        {
            byte instruction = pickle[position++];
            if (instruction == '.')
            {
                return Pop();
            }

            if (!Number(instruction) && !Text(instruction) && !Container(instruction) && !Memory(instruction))
            {
                throw Refuse($"its pickle uses instruction {PickleInstruction.NameOf(instruction)} at byte {position - 1}; only tensors, plain containers and numbers are read");
            }
        }

        throw Refuse($"its pickle has more than {MostInstructions} instructions");
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
            case 'c': stack.Add(Name(Line(), Line())); return true;
            case '\x93': stack.Add(StackName()); return true;
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
            case 'Q': stack.Add(Storage(Pop())); return true;
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

    private PickleName StackName()
    {
        var parts = PopLast(2);
        return Name((string)parts[0]!, (string)parts[1]!);
    }

    private PickleName Name(string module, string name)
    {
        var known = new PickleName(module, name);
        return KnownNames.Contains(known.ToString())
            ? known
            : throw Refuse($"its pickle refers to '{known}'; only tensors, plain containers and numbers are read. Save the state dict again with nothing else in it");
    }

    private void Append(IEnumerable<object?> values) => ((List<object?>)stack[^1]!).AddRange(values);

    private void SetItems(List<object?> pairs)
    {
        var items = (Dictionary<object, object?>)stack[^1]!;
        for (int i = 0; i < pairs.Count; i += 2)
        {
            items[Key(pairs[i])] = pairs[i + 1];
        }
    }

    // Keys whose hashes a file cannot make collide.
    private object Key(object? key) => key is string or (long and >= int.MinValue and <= int.MaxValue)
        ? key
        : throw Refuse($"a dictionary in it has a key that is neither text nor a small integer, before byte {position} of its pickle");

    // ('storage', torch.FloatStorage, key, device, elements)
    private PickleStorage Storage(object? id) =>
        id is object?[] { Length: 5 } and ["storage", PickleName { Module: "torch" } kind, string key, _, long elements]
            ? new PickleStorage(kind.Name, key, elements)
            : throw Refuse($"its pickle has a persistent id before byte {position} that is no storage of a tensor");

    private void Reduce()
    {
        var arguments = (object?[])Pop()!;
        var function = (PickleName)Pop()!;
        stack.Add(function.ToString() switch
        {
            RebuildTensor => new PickleTensor(
                (PickleStorage)arguments[0]!, (long)arguments[1]!, Integers(arguments[2]), Integers(arguments[3])),
            RebuildParameter => (PickleTensor)arguments[0]!,
            OrderedDictionary when arguments.Length == 0 => new Dictionary<object, object?>(),
            var other => throw Refuse($"its pickle calls '{other}' with what torch.save does not give it"),
        });
    }

    // A state dict carries its module versions as an attribute, which nobody needs.
    private void Build()
    {
        _ = (Dictionary<object, object?>)Pop()!;
        _ = (Dictionary<object, object?>)stack[^1]!;
    }

    private long[] Integers(object? tuple) => tuple is object?[] { Length: <= MostAxes } axes
        ? [.. axes.Select(value => (long)value!)]
        : throw Refuse($"a tensor before byte {position} of its pickle has no shape, or one of more than {MostAxes} axes");

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
