using System.Diagnostics;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>Files that fail as those of a sick host do, also for a test that runs as root.</summary>
internal static class BrokenFile
{
    /// <summary>Opens, and then every read of it fails with an I/O error.</summary>
    public static void Unreadable(string path) => Link(path, "/proc/self/mem");

    /// <summary>From now on the disk is full for whoever replaces this file.</summary>
    public static void DiskFull(string path) => Link(path + ".new", "/dev/full");

    /// <summary>Whoever writes the file waits until <see cref="Drain"/>.</summary>
    public static void Blocking(string path)
    {
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        make.ExitCode.ShouldBe(0);
    }

    public static void Drain(string path) => File.OpenRead(path).Dispose();

    private static void Link(string path, string target)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }
}
