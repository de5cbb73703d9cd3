using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Cli.Output;

/// <summary>The protocol's values in the words of the field.</summary>
internal static class Words
{
    public static string Of(JobPhase phase) => Known(phase == JobPhase.Unspecified, phase.ToString());

    public static string Of(NodePhase phase) => Known(phase == NodePhase.Unspecified, phase.ToString());

    public static string Of(IncidentPhase phase) => Known(phase == IncidentPhase.Unspecified, phase.ToString());

    /// <summary>The sentence of a reason; its code where the control plane sent no sentence.</summary>
    public static string Of(Reason? reason) =>
        reason is null ? "" : reason.Sentence.Length > 0 ? reason.Sentence : reason.Code;

    /// <summary>The sentence of a reason with its machine code.</summary>
    public static string WithCode(Reason? reason) =>
        reason is null || (reason.Sentence.Length == 0 && reason.Code.Length == 0) ? ""
            : reason.Sentence.Length == 0 ? reason.Code
            : reason.Code.Length == 0 ? reason.Sentence
            : $"{reason.Sentence} ({reason.Code})";

    public static string Of(Timestamp? at) =>
        at is null ? "" : at.ToDateTimeOffset().ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", null);

    /// <summary>A moment among moments that follow each other closely: to the millisecond.</summary>
    public static string Precise(Timestamp? at) =>
        at is null ? "" : at.ToDateTimeOffset().ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss.fff", null);

    public static string Number(ulong number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Bytes in the largest unit that leaves a number of at least 1: "412 B", "3.2 GiB".</summary>
    public static string Bytes(ulong bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1024 && unit < units.Length - 1)
            (size, unit) = (size / 1024, unit + 1);
        return $"{size.ToString(unit == 0 ? "0" : "0.#", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>Milliseconds as a person reads them: "412 ms", "3.2 s".</summary>
    public static string Milliseconds(long milliseconds) => Math.Abs(milliseconds) < 10_000
        ? $"{milliseconds.ToString("N0", CultureInfo.InvariantCulture)} ms"
        : $"{(milliseconds / 1000.0).ToString("N1", CultureInfo.InvariantCulture)} s";

    /// <summary>A length of time in its two largest units: "0.4 s", "12 min 3 s", "2 h 5 min", "3 d 4 h".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 10 } => $"{time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s",
        { TotalMinutes: < 1 } => $"{time.Seconds} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
        { TotalDays: < 1 } => $"{time.Hours} h {time.Minutes} min",
        _ => $"{time.Days} d {time.Hours} h",
    };

    public static string Rate(double stepsPerSecond) =>
        stepsPerSecond > 0 ? $"{stepsPerSecond.ToString("0.##", CultureInfo.InvariantCulture)} steps/s" : "";

    /// <summary>Devices by model, e.g. "8 NVIDIA H200"; stand-ins are never called anything but virtual.</summary>
    public static string Devices(IEnumerable<GpuDevice> devices) => string.Join(
        ", ",
        devices.GroupBy(device => device.IsVirtual ? "virtual" : device.Model)
            .Select(group => $"{group.Count()} {group.Key}"));

    private static string Known(bool isUnknown, string word) => isUnknown ? "Unknown" : word;
}
