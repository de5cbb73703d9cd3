using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Agent.Options;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Gpus;

/// <summary>Stand-ins on a machine without GPUs; their ids follow from the node's name and stay the same.</summary>
internal sealed class VirtualGpuProbe(AgentOptions options) : IGpuProbe
{
    private const int UuidBytes = 16;

    public IReadOnlyList<GpuDevice> Devices { get; } = Enumerable.Range(0, options.VirtualGpus)
        .Select(index => new GpuDevice
        {
            Uuid = UuidOf(options.Name, index),
            Model = "virtual accelerator",
            Index = (uint)index,
            IsVirtual = true,
        })
        .ToArray();

    private static string UuidOf(string node, int index)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{node}/gpu/{index}");
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, UuidBytes), bigEndian: true);
        return $"VIRTUAL-{id}";
    }
}
