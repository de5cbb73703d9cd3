using Orchestrator.Protocol.V1;

namespace Orchestrator.Client;

public sealed partial class OrchestratorClient
{
    /// <summary>How the control plane itself is; answered also while its storage does not.</summary>
    /// <exception cref="OrchestratorException">The call failed.</exception>
    public Task<ControlPlane> GetControlPlaneAsync(CancellationToken cancellationToken = default)
    {
        var request = new GetControlPlaneRequest();
        return CallAsync(o => _control.GetControlPlaneAsync(request, o), cancellationToken);
    }
}
