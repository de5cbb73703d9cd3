namespace Orchestrator.Agent.Host;

/// <summary>Holds the state folder for one agent; the kernel gives it back when the process ends in any way.</summary>
internal static class StateClaim
{
    public static FileStream? TryTake(StateFolder state)
    {
        try
        {
            return new FileStream(state.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Somebody else holds it, which is what the caller asks about.
            return null;
        }
    }
}
