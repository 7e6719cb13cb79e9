using Prometheus;

namespace Ppma.Worker.Data;

/// <summary>How much room this process has, on disk and in memory, looked up when Prometheus asks.</summary>
internal sealed class RoomMetrics
{
    private readonly (string Label, string Path)[] _folders;
    private readonly Gauge _free;
    private readonly Gauge _size;

    public RoomMetrics(CollectorRegistry registry, DataPlaneOptions options)
    {
        _folders = [("cache", options.CacheFolder), ("scratch", options.ScratchFolder)];
        MetricFactory create = Metrics.WithCustomRegistry(registry);
        _free = create.CreateGauge("ppma_disk_free_bytes", "Free on the disk of a folder: the cache of shards, or scratch. Absent before there is such a folder.", "folder");
        _size = create.CreateGauge("ppma_disk_bytes", "Size of that disk.", "folder");
        if (MemoryLimit.Bytes() is { } memory)
        {
            create.CreateGauge("ppma_memory_limit_bytes", "Memory that the process may take: its container's limit, else the machine's.").Set(memory);
        }

        registry.AddBeforeCollectCallback(Look);
    }

    private void Look()
    {
        foreach (var (label, path) in _folders)
        {
            try
            {
                var disk = new DriveInfo(path);
                (long free, long size) = (disk.AvailableFreeSpace, disk.TotalSize);
                _free.WithLabels(label).Set(free);
                _size.WithLabels(label).Set(size);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                _free.RemoveLabelled(label);
                _size.RemoveLabelled(label);
            }
        }
    }
}
