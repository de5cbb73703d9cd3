using Microsoft.Extensions.Hosting;
using Orchestrator.Storage.Tests.Support;

namespace Orchestrator.Storage.Tests;

public sealed class RegistrationTests
{
    [Fact]
    public void Add_ASecondStorage_IsRefused()
    {
        var host = Host.CreateApplicationBuilder();

        host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering().AddOrchestratorMemoryStorage();
            using var folder = new TemporaryFolder();
            Should.Throw<InvalidOperationException>(() => silo.AddOrchestratorStorage(folder.Options))
                .Message.ShouldContain("once");
        });
    }
}
