using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Ppma.Worker.Gpu;

/// <summary>
/// NVML, the library of NVIDIA's driver that tells what a GPU does. It is loaded where there is one and never needed. Its functions may be
/// called from any thread.
/// </summary>
internal sealed class NvmlLibrary : IDisposable
{
    /// <summary>The driver's, wherever the loader finds it.</summary>
    public const string FileName = "libnvidia-ml.so.1";

    private const int Success = 0;
    private const int TextBytes = 96;

    private readonly nint _library;
    private readonly Plain _shutdown;
    private readonly ByIndex _byIndex;
    private readonly ByUuid _byUuid;
    private readonly Text _name;
    private readonly Memory _memory;
    private readonly Utilisation _utilisation;
    private readonly Number _power;
    private readonly Sensor _temperature;

    /// <exception cref="EntryPointNotFoundException">The driver is older than what is called.</exception>
    private NvmlLibrary(nint library)
    {
        _library = library;
        _shutdown = Export<Plain>("nvmlShutdown");
        _byIndex = Export<ByIndex>("nvmlDeviceGetHandleByIndex_v2");
        _byUuid = Export<ByUuid>("nvmlDeviceGetHandleByUUID");
        _name = Export<Text>("nvmlDeviceGetName");
        _memory = Export<Memory>("nvmlDeviceGetMemoryInfo");
        _utilisation = Export<Utilisation>("nvmlDeviceGetUtilizationRates");
        _power = Export<Number>("nvmlDeviceGetPowerUsage");
        _temperature = Export<Sensor>("nvmlDeviceGetTemperature");
        int status = Export<Plain>("nvmlInit_v2")();
        if (status != Success)
        {
            throw new InvalidOperationException($"nvmlInit_v2 answered {status}: the driver is not loaded, or this process may not use it.");
        }
    }

    /// <param name="path">Path of the library.</param>
    /// <param name="nvml">The library.</param>
    /// <param name="problem">Why it cannot be used; null where there is none at all.</param>
    public static bool TryLoad(string path, [NotNullWhen(true)] out NvmlLibrary? nvml, out string? problem)
    {
        (nvml, problem) = (null, null);
        if (!NativeLibrary.TryLoad(path, out nint library))
        {
            return false;
        }

        try
        {
            nvml = new NvmlLibrary(library);
            return true;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or InvalidOperationException)
        {
            NativeLibrary.Free(library);
            problem = $"'{path}': {e.Message}";
            return false;
        }
    }

    /// <summary>The handle of the GPU that CUDA calls 0; null where there is none.</summary>
    /// <param name="visibleDevices">
    /// <c>CUDA_VISIBLE_DEVICES</c>: numbers, in the order of the PCI bus, or UUIDs, of which the first counts; null for all devices.
    /// </param>
    public nint? FirstDevice(string? visibleDevices)
    {
        string first = (visibleDevices ?? "0").Split(',')[0].Trim();
        int status = uint.TryParse(first, out uint index) ? _byIndex(index, out nint device) : _byUuid(first, out device);
        return status == Success ? device : null;
    }

    public string? NameOf(nint device)
    {
        byte[] text = new byte[TextBytes];
        return _name(device, text, TextBytes) == Success ? System.Text.Encoding.UTF8.GetString(text).TrimEnd('\0') : null;
    }

    /// <summary>Null where the driver does not tell, as of a part of a GPU.</summary>
    public GpuMemory? MemoryOf(nint device) => _memory(device, out MemoryInfo info) == Success ? new GpuMemory((long)info.Total, (long)info.Used) : null;

    /// <summary>Share of the last second in which a kernel ran, 0 to 1.</summary>
    public double? UtilisationOf(nint device) => _utilisation(device, out UtilisationRates rates) == Success ? rates.Gpu / 100.0 : null;

    public double? WattsOf(nint device) => _power(device, out uint milliwatts) == Success ? milliwatts / 1000.0 : null;

    public double? CelsiusOf(nint device) => _temperature(device, 0, out uint celsius) == Success ? celsius : null;

    public void Dispose()
    {
        _ = _shutdown();
        NativeLibrary.Free(_library);
    }

    private T Export<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Plain();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ByIndex(uint index, out nint device);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ByUuid([MarshalAs(UnmanagedType.LPUTF8Str)] string uuid, out nint device);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Text(nint device, [Out] byte[] text, uint bytes);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Memory(nint device, out MemoryInfo info);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Utilisation(nint device, out UtilisationRates rates);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Number(nint device, out uint number);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Sensor(nint device, int sensor, out uint number);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MemoryInfo
    {
        public readonly ulong Total;
        public readonly ulong Free;
        public readonly ulong Used;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct UtilisationRates
    {
        public readonly uint Gpu;
        public readonly uint Memory;
    }
}
