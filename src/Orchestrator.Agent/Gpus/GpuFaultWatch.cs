using System.Globalization;
using System.Text;
using Orchestrator.Agent.Control;
using Orchestrator.Agent.Host;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Gpus;

/// <summary>
/// Reports the fault of a virtual device when a file <c>gpus/INDEX.fault</c> appears, such as
/// "xid_79 GPU has fallen off the bus". The file goes when the device is repaired.
/// </summary>
internal sealed class GpuFaultWatch(
    HostIdentity host,
    StateFolder state,
    IGpuProbe probe,
    Outbox outbox,
    TimeProvider time,
    ILogger<GpuFaultWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private readonly HashSet<uint> _faulty = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            foreach (var device in probe.Devices.Where(device => device.IsVirtual))
                TryCheck(device);
            await Task.Delay(Poll, time, stoppingToken);
        }
    }

    private void TryCheck(GpuDevice device)
    {
        try
        {
            Check(device);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The file went between two looks at it, or cannot be read now: the next round looks again.
            log.LogWarning("Fault file of device {Index} is unreadable: {Reason}", device.Index, exception.Message);
        }
    }

    private void Check(GpuDevice device)
    {
        var path = Path.Combine(state.Gpus, $"{device.Index}.fault");
        if (!File.Exists(path))
        {
            _faulty.Remove(device.Index);
            return;
        }

        // An empty file is one that is still being written.
        if (_faulty.Contains(device.Index) || File.ReadAllText(path).Trim() is not { Length: > 0 } text)
            return;
        _faulty.Add(device.Index);
        var (code, detail) = text.IndexOf(' ') is var space and > 0 ? (text[..space], text[(space + 1)..]) : (text, "");
        log.LogWarning("Device {Index} is faulty: {Fault}", device.Index, text);
        outbox.Append(new AgentEvent
        {
            DeviceHealth = new DeviceHealth
            {
                GpuUuid = device.Uuid,
                Source = "probe",
                Code = code,
                Detail = Shortened(detail),
                IsFatal = true,
                Occurrence = Occurrence(path),
            },
        });
    }

    /// <summary>
    /// The same for every agent that finds this file under this boot; found again after a reboot, it is a new one.
    /// </summary>
    private string Occurrence(string path) =>
        string.Create(CultureInfo.InvariantCulture, $"{host.BootId}/{File.GetLastWriteTimeUtc(path).Ticks}");

    private static string Shortened(string detail)
    {
        while (Encoding.UTF8.GetByteCount(detail) > AgentLimits.DeviceDetailBytes)
            detail = detail[..^1];
        return detail;
    }
}
