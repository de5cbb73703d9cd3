using System.Collections.Immutable;
using Orchestrator.Domain.Leases;

namespace Orchestrator.Domain.Tests.Builders;

/// <summary>Orders as a job gives them.</summary>
internal static class AnOrder
{
    public static NodeOrder Prepare(int attempt, long lease = 1, string job = "job", int round = 1) =>
        Order($"{job}/{attempt}/prepare-{round}", attempt, lease, job, new PrepareOrder("", null));

    public static NodeOrder Launch(int attempt, long lease = 1, string job = "job", params int[] ranks) =>
        Order($"{job}/{attempt}/launch", attempt, lease, job, new LaunchOrder
        {
            Ranks = ranks.Length == 0 ? [0] : [.. ranks],
            WorldSize = 2,
            NodeRank = 0,
            NodeCount = 2,
            MasterAddress = "10.0.0.1",
            MasterPort = 29500,
            Command = ["python3", "train.py"],
            WorkingDirectory = "/srv/job",
            Environment = ImmutableDictionary<string, string>.Empty,
            Store = "",
            Lease = Timings.Lease,
        });

    public static NodeOrder Stop(int attempt, long lease = 1, string job = "job") =>
        Order($"{job}/{attempt}/stop", attempt, lease, job, new StopOrder(TimeSpan.Zero));

    public static NodeOrder Release(int attempt, long lease = 1, string job = "job") =>
        Order($"{job}/lease-{lease}/release", attempt, lease, job, new ReleaseOrder());

    private static NodeOrder Order(string operation, int attempt, long lease, string job, OrderBody body) => new()
    {
        OperationId = operation,
        Job = job,
        LeaseNumber = lease,
        Attempt = attempt,
        Body = body,
    };
}
