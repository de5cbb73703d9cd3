using System.Net.Sockets;
using Grpc.Net.Client;
using Orchestrator.Protocol.V1;

namespace Orchestrator.Agent.Tests.Fixture;

/// <summary>Speaks to the agent as a training script does.</summary>
public sealed class TrainingClient : IDisposable
{
    private readonly GrpcChannel _channel;

    public TrainingClient(HostUnderTest host)
    {
        var path = Path.Combine(host.State, "training.sock");
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress(
            "http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Calls = new Protocol.V1.Training.TrainingClient(_channel);
    }

    private Protocol.V1.Training.TrainingClient Calls { get; }

    public async Task<ResumeReply> ResumeAsync(uint rank, uint attempt) =>
        await Calls.ResumeAsync(new ResumeRequest { Rank = Rank(rank, attempt) });

    private static RankIdentity Rank(uint rank = 0, uint attempt = 1) =>
        new() { JobId = HostUnderTest.Job, Attempt = attempt, Rank = rank };

    public async Task<BeginCheckpointReply> BeginAsync(ulong step) =>
        await Calls.BeginCheckpointAsync(new BeginCheckpointRequest { Rank = Rank(), Step = step });

    /// <summary>Asks for a buffer to save into.</summary>
    public async Task<BeginCheckpointReply> BeginBufferAsync(ulong step, ulong bytes, uint attempt = 1) =>
        await Calls.BeginCheckpointAsync(new BeginCheckpointRequest
        {
            Rank = Rank(attempt: attempt),
            Step = step,
            SizeBytes = bytes,
            WantsBuffer = true,
        });

    public async Task<CommitCheckpointReply> CommitAsync(ulong step, string directory, bool inBackground = false) =>
        await Calls.CommitCheckpointAsync(new CommitCheckpointRequest
        {
            Rank = Rank(),
            Step = step,
            Directory = directory,
            ShardsExpected = 1,
            InBackground = inBackground,
        });

    public async Task<ReportReply> ReportAsync(
        ulong step, ulong firstStep, ulong firstStepAgeMs, uint rank = 0, uint attempt = 1) =>
        await Calls.ReportAsync(new ReportRequest
        {
            Rank = Rank(rank, attempt),
            Step = step,
            FirstStep = firstStep,
            FirstStepAgeMs = firstStepAgeMs,
            Phase = "train",
        });

    public void Dispose() => _channel.Dispose();
}
