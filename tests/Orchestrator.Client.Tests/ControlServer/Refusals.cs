using Grpc.Core;

namespace Orchestrator.Tests.ControlServer;

/// <summary>Refusals as the control plane sends them.</summary>
public static class Refusals
{
    public static RpcException Create(StatusCode status, string? reason, string sentence)
    {
        var trailers = new Metadata();
        if (reason is not null)
            trailers.Add("orchestrator-reason", reason);
        return new RpcException(new Status(status, sentence), trailers);
    }
}
