using System.Net;
using Grpc.Core;
using Orchestrator.Protocol.V1;
using Orchestrator.Storage.Postgres;
using Orchestrator.Testing;

namespace Orchestrator.Hosting.Tests;

/// <summary>What a load balancer hears of a silo, while its database goes and comes back.</summary>
/// <remarks>
/// Alone in its process for as long as it runs: the exporter takes the meters of every control plane in the process.
/// </remarks>
[Collection(nameof(ProbeTests))]
[CollectionDefinition(nameof(ProbeTests), DisableParallelization = true)]
public sealed class ProbeTests
{
    [Fact]
    public async Task Ready_FollowsTheDatabase_AndLiveDoesNot()
    {
        // A server of its own: others must not lose theirs.
        await using var server = new PostgresServer();
        var database = await server.CreateDatabaseAsync();
        using (var storage = new PostgresStorage(database))
        {
            (await storage.InitializeAsync(TestContext.Current.CancellationToken)).IsReady.ShouldBeTrue();
        }

        await using var plane = await EmbeddedControlPlane.JoinAsync(database);
        await UntilAsync(plane, HttpStatusCode.OK);

        await server.CrashAsync();
        (await UntilAsync(plane, HttpStatusCode.ServiceUnavailable))
            .ShouldContain("storage: The storage does not answer");
        (await AskAsync(plane, "/livez")).Status.ShouldBe(HttpStatusCode.OK);
        (await AskAsync(plane, "/metrics")).Text.ShouldMatch("(?m)^orchestrator_storage_up\\S* 0");
        await SaysThatTheStorageIsAwayAsync(plane);

        await server.StartAsync();
        (await UntilAsync(plane, HttpStatusCode.OK)).ShouldBe("ready");
        (await plane.Control.GetControlPlaneAsync(new GetControlPlaneRequest())).IsStorageUp.ShouldBeTrue();
        (await AskAsync(plane, "/metrics")).Text.ShouldMatch("(?m)^orchestrator_silos_active\\S* 1");
    }

    private static async Task SaysThatTheStorageIsAwayAsync(EmbeddedControlPlane plane)
    {
        var view = await plane.Control.GetControlPlaneAsync(new GetControlPlaneRequest());
        view.IsStorageUp.ShouldBeFalse();
        view.StorageProblem.Code.ShouldBe("storage_unavailable");
        view.Silos.ShouldHaveSingleItem().IsAnswering.ShouldBeTrue();

        var error = await Should.ThrowAsync<RpcException>(
            async () => await plane.Control.ListJobsAsync(new ListJobsRequest()));
        error.StatusCode.ShouldBe(StatusCode.Unavailable);
        error.Trailers.GetValue("orchestrator-reason").ShouldBe("storage_unavailable");
        error.Status.Detail.ShouldContain("training goes on");
    }

    private static async Task<string> UntilAsync(EmbeddedControlPlane plane, HttpStatusCode wanted)
    {
        // A probe is asked again and again by its nature; there is no event to wait for.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            var (status, text) = await AskAsync(plane, "/readyz");
            if (status == wanted)
            {
                return text;
            }
        }
        while (await pace.WaitForNextTickAsync(deadline.Token));

        throw new TimeoutException();
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(EmbeddedControlPlane plane, string path)
    {
        using var client = new HttpClient { BaseAddress = plane.Http };
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
