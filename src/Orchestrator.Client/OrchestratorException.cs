namespace Orchestrator.Client;

/// <summary>
/// The one exception of <see cref="OrchestratorClient"/>; the message is a sentence that says what to do.
/// </summary>
public sealed class OrchestratorException : Exception
{
    /// <summary>Creates the exception; embedders need this only for their own test doubles.</summary>
    /// <param name="kind">What sort of failure it is.</param>
    /// <param name="code">Machine code, lower-case words joined by underscores.</param>
    /// <param name="message">A sentence for a person.</param>
    /// <param name="innerException">The failure of the transport, if there was one.</param>
    public OrchestratorException(
        OrchestratorErrorKind kind, string code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Code = code;
    }

    /// <summary>What sort of failure it is.</summary>
    public OrchestratorErrorKind Kind { get; }

    /// <summary>
    /// Machine code, stable: the control plane's own reason (e.g. "job_already_ended"), or a fixed one such as
    /// "unreachable" where the control plane gave none.
    /// </summary>
    public string Code { get; }
}
