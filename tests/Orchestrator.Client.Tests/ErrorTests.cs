using Grpc.Core;
using Orchestrator.Tests.ControlServer;
using Server = Orchestrator.Tests.ControlServer.ControlServer;

namespace Orchestrator.Client.Tests;

public sealed class ErrorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<StatusCode, OrchestratorErrorKind, string> Table => new()
    {
        { StatusCode.InvalidArgument, OrchestratorErrorKind.InvalidRequest, "invalid_argument" },
        { StatusCode.OutOfRange, OrchestratorErrorKind.InvalidRequest, "out_of_range" },
        { StatusCode.NotFound, OrchestratorErrorKind.NotFound, "not_found" },
        { StatusCode.FailedPrecondition, OrchestratorErrorKind.Refused, "failed_precondition" },
        { StatusCode.AlreadyExists, OrchestratorErrorKind.Refused, "already_exists" },
        { StatusCode.Aborted, OrchestratorErrorKind.Refused, "aborted" },
        { StatusCode.ResourceExhausted, OrchestratorErrorKind.Refused, "resource_exhausted" },
        { StatusCode.PermissionDenied, OrchestratorErrorKind.Refused, "permission_denied" },
        { StatusCode.Unauthenticated, OrchestratorErrorKind.Refused, "unauthenticated" },
        { StatusCode.Unavailable, OrchestratorErrorKind.Unreachable, "unreachable" },
        { StatusCode.DeadlineExceeded, OrchestratorErrorKind.Unreachable, "deadline_exceeded" },
        { StatusCode.Cancelled, OrchestratorErrorKind.Unreachable, "call_cancelled" },
        { StatusCode.Unimplemented, OrchestratorErrorKind.Failed, "unimplemented" },
        { StatusCode.Internal, OrchestratorErrorKind.Failed, "failed" },
        { StatusCode.Unknown, OrchestratorErrorKind.Failed, "failed" },
        { StatusCode.DataLoss, OrchestratorErrorKind.Failed, "failed" },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task GetJob_StatusWithoutReason_HasFixedCodeOfStatus(
        StatusCode status, OrchestratorErrorKind kind, string code)
    {
        await using var server = await Server.StartAsync();
        server.Control.Failure = Refusals.Create(status, null, "The server's words.");
        await using var client = new OrchestratorClient(server.Address);

        var error = await Should.ThrowAsync<OrchestratorException>(() => client.GetJobAsync("x", Cancellation));

        error.Kind.ShouldBe(kind);
        error.Code.ShouldBe(code);
        error.Message.ShouldEndWith(".");
        error.InnerException.ShouldBeOfType<RpcException>();
    }

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, OrchestratorErrorKind.Refused)]
    [InlineData(StatusCode.Unavailable, OrchestratorErrorKind.Unreachable)]
    [InlineData(StatusCode.Internal, OrchestratorErrorKind.Failed)]
    public async Task CancelJob_StatusWithReason_HasControlPlanesCodeAndSentence(
        StatusCode status, OrchestratorErrorKind kind)
    {
        await using var server = await Server.StartAsync();
        server.Control.Failure = Refusals.Create(status, "job_already_ended", "job-7 has already ended.");
        await using var client = new OrchestratorClient(server.Address);

        var error = await Should.ThrowAsync<OrchestratorException>(() => client.CancelJobAsync("job-7", Cancellation));

        error.Kind.ShouldBe(kind);
        error.Code.ShouldBe("job_already_ended");
        error.Message.ShouldBe("job-7 has already ended.");
    }

    [Fact]
    public async Task ListJobs_NobodyListens_IsUnreachableAndNamesTheAddress()
    {
        var server = await Server.StartAsync();
        var address = server.Address;
        await server.DisposeAsync();
        await using var client = new OrchestratorClient(address);

        var error = await Should.ThrowAsync<OrchestratorException>(() => client.ListJobsAsync(Cancellation));

        error.Kind.ShouldBe(OrchestratorErrorKind.Unreachable);
        error.Code.ShouldBe("unreachable");
        error.Message.ShouldContain(address.Authority);
    }

    [Fact]
    public async Task ListNodes_ServerSilent_IsUnreachableAfterTheCallTimeout()
    {
        await using var server = await Server.StartAsync();
        server.Control.IsSilent = true;
        var options = new OrchestratorClientOptions { CallTimeout = TimeSpan.FromMilliseconds(200) };
        await using var client = new OrchestratorClient(server.Address, options);

        var error = await Should.ThrowAsync<OrchestratorException>(() => client.ListNodesAsync(Cancellation));

        error.Kind.ShouldBe(OrchestratorErrorKind.Unreachable);
        error.Code.ShouldBe("deadline_exceeded");
    }

    [Fact]
    public async Task ListNodes_CallerCancels_ThrowsOperationCanceled()
    {
        await using var server = await Server.StartAsync();
        server.Control.IsSilent = true;
        await using var client = new OrchestratorClient(server.Address);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var call = client.ListNodesAsync(cancellation.Token);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task WatchNodes_CallerCancels_ThrowsOperationCanceled()
    {
        await using var server = await Server.StartAsync();
        await using var client = new OrchestratorClient(server.Address);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var first = client.WatchNodesAsync(cancellation.Token).FirstAsync(cancellation.Token);
        await server.Control.StreamSent.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => first.AsTask());
    }

    [Fact]
    public async Task WatchNodes_ServerShutsDown_IsUnreachable()
    {
        var server = await Server.StartAsync();
        await using var client = new OrchestratorClient(server.Address);

        var first = client.WatchNodesAsync(Cancellation).FirstAsync(Cancellation);
        await server.Control.StreamSent.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        await server.DisposeAsync();

        var error = await Should.ThrowAsync<OrchestratorException>(() => first.AsTask());
        error.Kind.ShouldBe(OrchestratorErrorKind.Unreachable);
    }

    [Fact]
    public async Task WatchJob_Refused_ThrowsWhileEnumerating()
    {
        await using var server = await Server.StartAsync();
        server.Control.Failure = Refusals.Create(StatusCode.NotFound, "no_such_job", "There is no job 'x'.");
        await using var client = new OrchestratorClient(server.Address);

        var error = await Should.ThrowAsync<OrchestratorException>(
            async () => await client.WatchJobAsync("x", Cancellation).FirstAsync(Cancellation));

        error.Code.ShouldBe("no_such_job");
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("relative")]
    public void Constructor_NoHttpAddress_SaysWhatIsAllowed(string address)
    {
        var error = Should.Throw<ArgumentException>(
            () => new OrchestratorClient(new Uri(address, UriKind.RelativeOrAbsolute)));

        error.Message.ShouldContain("http://HOST:PORT");
    }
}
