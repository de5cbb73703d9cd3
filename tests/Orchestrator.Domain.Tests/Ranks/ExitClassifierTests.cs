using Orchestrator.Domain.Ranks;
using Orchestrator.Domain.Tests.Builders;

namespace Orchestrator.Domain.Tests.Ranks;

public sealed class ExitClassifierTests
{
    private const string Trace =
        "Traceback (most recent call last):\n  File \"/srv/job/train.py\", line 88, in <module>\n";

    [Theory]
    // gloo
    [InlineData("RuntimeError: [gloo/transport/tcp/pair.cc:598] Connection closed by peer [10.0.0.4]:43125")]
    [InlineData("RuntimeError: [gloo/transport/tcp/pair.cc:534] Connection reset by peer [10.0.0.4]:9")]
    [InlineData("RuntimeError: [unbound_buffer.cc:81] Timed out waiting 1800000ms for recv operation to complete")]
    [InlineData("RuntimeError: [pair.cc:799] connect [10.0.0.4]:1234: Connection refused")]
    [InlineData("RuntimeError: Application timeout caused pair closure")]
    // NCCL
    [InlineData("torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:1970, remote process exited "
        + "or there was a network error, NCCL version 2.20.5\n"
        + "ncclRemoteError: A call failed possibly due to a network error\n"
        + "Last error:\nsocketProgressOpt: Call to recv from 10.0.0.4<43125> failed : Connection reset by peer")]
    [InlineData("net_socket.cc:465 NCCL WARN Net : Connection closed by remote peer host-4<51312>")]
    [InlineData("RuntimeError: NCCL communicator was aborted on rank 3.")]
    [InlineData("[Rank 2] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=86, OpType=ALLREDUCE, "
        + "Timeout(ms)=600000) ran for 600452 milliseconds before timing out.")]
    // the rendezvous store and Python's own sockets
    [InlineData("RuntimeError: Socket Timeout")]
    [InlineData("torch.distributed.DistNetworkError: The client socket has timed out after 60000ms")]
    [InlineData("RuntimeError: failed to recv, got 0 bytes. Connection was likely closed.")]
    [InlineData("BrokenPipeError: [Errno 32] Broken pipe")]
    [InlineData("ConnectionResetError: [Errno 104] Connection reset by peer")]
    public void Classify_WordsAboutAPeer_PeerLost(string lastWords)
    {
        var exit = new RankExit { Code = 1, LastLines = $"{Trace}{lastWords}\n  frame #0: c10::Error::Error(...)\n" };

        ExitClassifier.Classify(exit).ShouldBe(ExitClass.PeerLost);
    }

    [Theory]
    [InlineData("ValueError: loss is nan")]
    [InlineData("torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.")]
    [InlineData("RuntimeError: CUDA error: an illegal memory access was encountered")]
    [InlineData("FileNotFoundError: [Errno 2] No such file or directory: '/data/shard-7'")]
    [InlineData("KeyError: 'peer'")]
    [InlineData("")]
    public void Classify_OtherWords_OwnExit(string lastWords) =>
        ExitClassifier.Classify(new RankExit { Code = 1, LastLines = Trace + lastWords }).ShouldBe(ExitClass.OwnExit);

    [Fact]
    public void Classify_KilledWithoutAWord_OwnExit() =>
        ExitClassifier.Classify(new RankExit { Signal = 9 }).ShouldBe(ExitClass.OwnExit);

    [Fact]
    public void Classify_EndedByUsOrByItsLease_Stopped()
    {
        ExitClassifier.Classify(AnExit.Stopped).ShouldBe(ExitClass.Stopped);
        ExitClassifier.Classify(AnExit.LeaseRanOut).ShouldBe(ExitClass.Stopped);
    }

    [Fact]
    public void Classify_CodeZero_Finished() => ExitClassifier.Classify(AnExit.Clean).ShouldBe(ExitClass.Finished);

    [Theory]
    [InlineData("Connection closed by peer [10.0.0.4]:43125", "10.0.0.4")]
    [InlineData("Connection reset by peer [fd00::4]:43125", "fd00::4")]
    [InlineData("Connection closed by peer [10.0.0.4]", "10.0.0.4")]
    [InlineData("Connection reset by peer", null)]
    [InlineData("ncclRemoteError", null)]
    public void BlamedAddress_AsTheLibraryWroteIt(string lastWords, string? address) =>
        ExitClassifier.BlamedAddress(new RankExit { Code = 1, LastLines = Trace + lastWords }).ShouldBe(address);
}
