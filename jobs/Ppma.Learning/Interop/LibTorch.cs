using System.Runtime.InteropServices;

namespace Ppma.Learning.Interop;

/// <summary>
/// libtorch's own C++ symbols for what TorchSharp does not wrap. The mangled names belong to libtorch 2.10 and live here alone;
/// <see cref="LibTorchSelfTest"/> tries each at start-up.
/// </summary>
internal static partial class LibTorch
{
    public const string Version = "2.10";

    private const string Library = "torch_cpu";

    /// <summary>at::autocast::is_autocast_enabled(c10::DeviceType).</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast19is_autocast_enabledEN3c1010DeviceTypeE")]
    [return: MarshalAs(UnmanagedType.I1)]
    public static partial bool IsAutocastEnabled(sbyte device);

    /// <summary>at::autocast::set_autocast_enabled(c10::DeviceType, bool).</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast20set_autocast_enabledEN3c1010DeviceTypeEb")]
    public static partial void SetAutocastEnabled(sbyte device, [MarshalAs(UnmanagedType.I1)] bool enabled);

    /// <summary>at::autocast::get_autocast_dtype(c10::DeviceType).</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18get_autocast_dtypeEN3c1010DeviceTypeE")]
    public static partial sbyte GetAutocastType(sbyte device);

    /// <summary>at::autocast::set_autocast_dtype(c10::DeviceType, at::ScalarType).</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast18set_autocast_dtypeEN3c1010DeviceTypeENS1_10ScalarTypeE")]
    public static partial void SetAutocastType(sbyte device, sbyte type);

    /// <summary>at::autocast::increment_nesting().</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17increment_nestingEv")]
    public static partial int IncrementAutocastNesting();

    /// <summary>at::autocast::decrement_nesting().</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast17decrement_nestingEv")]
    public static partial int DecrementAutocastNesting();

    /// <summary>at::autocast::clear_cache().</summary>
    [LibraryImport(Library, EntryPoint = "_ZN2at8autocast11clear_cacheEv")]
    public static partial void ClearAutocastCache();
}
