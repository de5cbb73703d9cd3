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
    [InlineData("RuntimeError: [../third_party/gloo/gloo/transport/tcp/pair.cc:589] Read error [10.0.0.4]:40001: "
        + "Connection reset by peer")]
    [InlineData("RuntimeError: [../third_party/gloo/gloo/transport/tcp/pair.cc:446] writev [10.0.0.4]:9: Broken pipe")]
    [InlineData("RuntimeError: Gloo connectFullMesh failed with [../third_party/gloo/gloo/transport/tcp/pair.cc:144] "
        + "Connection refused")]
    [InlineData("RuntimeError: Rank 0 successfully reached monitoredBarrier, but received errors while waiting for "
        + "send/recv from rank 2. Ranks 2 failed to pass monitoredBarrier in 60000 ms")]
    // NCCL
    [InlineData("torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:1970, remote process exited "
        + "or there was a network error, NCCL version 2.20.5\n"
        + "ncclRemoteError: A call failed possibly due to a network error\n"
        + "Last error:\nsocketProgressOpt: Call to recv from 10.0.0.4<43125> failed : Connection reset by peer")]
    [InlineData("net_socket.cc:465 NCCL WARN Net : Connection closed by remote peer host-4<51312>")]
    [InlineData("RuntimeError: NCCL communicator was aborted on rank 3.")]
    [InlineData("[Rank 2] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=86, OpType=ALLREDUCE, "
        + "Timeout(ms)=600000) ran for 600452 milliseconds before timing out.")]
    [InlineData("Last error:\nsocketPollConnect: Connect to 10.0.0.4<43125> returned 111(Connection refused) "
        + "errno 115")]
    [InlineData("host-1:7:99 [0] transport/net_ib.cc:1295 NCCL WARN NET/IB : Got completion from peer 10.0.0.4<43125> "
        + "with error 12, opcode 0, len 0, vendor err 129")]
    // the store through which the ranks find each other
    [InlineData("RuntimeError: Socket Timeout")]
    [InlineData("torch.distributed.DistNetworkError: The client socket has timed out after 60000ms")]
    [InlineData("RuntimeError: failed to recv, got 0 bytes. Connection was likely closed.")]
    [InlineData("RuntimeError: Connection reset by peer")]
    [InlineData("RuntimeError: Broken pipe")]
    [InlineData("torch.distributed.DistNetworkError: Connection reset by peer")]
    [InlineData("RuntimeError: The client socket has failed to connect to any network address of (10.0.0.1, 29500). "
        + "The client socket has failed to connect to [10.0.0.1]:29500 (errno: 111 - Connection refused).")]
    [InlineData("TimeoutError: The client socket has timed out after 60s while trying to connect to (10.0.0.1, "
        + "29500).")]
    [InlineData("torch.distributed.DistNetworkError: Failed to recv, got 0 bytes. Connection was likely closed. "
        + "Did the remote server shutdown or crash?")]
    [InlineData("[W1123 10:07:13.101 TCPStore.cpp:131] [c10d] recvValue failed on SocketImpl(fd=3, "
        + "addr=[10.0.0.2]:50210, remote=[10.0.0.1]:29500): failed to recv, got 0 bytes\n"
        + "torch.distributed.DistBackendError: [2] is setting up NCCL communicator and retrieving ncclUniqueId "
        + "from [0] via c10d key-value store by key '0', but store->get('0') got error: Broken pipe")]
    [InlineData("torch.distributed.DistStoreError: wait timeout after 300000ms, keys: /default_pg/0//cuda//0")]
    [InlineData("RuntimeError: Timed out initializing process group in store based barrier on rank: 0, for key: "
        + "store_based_barrier_key:1 (world_size=4, worker_count=2, timeout=0:30:00)")]
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
    // What a service of the script's own is missing: a database, a tracker, a data server.
    [InlineData("ConnectionRefusedError: [Errno 111] Connection refused")]
    [InlineData("ConnectionResetError: [Errno 104] Connection reset by peer")]
    [InlineData("BrokenPipeError: [Errno 32] Broken pipe")]
    [InlineData("psycopg2.OperationalError: connection to server at \"db\" (10.0.0.9), port 5432 failed: Connection "
        + "refused\n\tIs the server running on that host and accepting TCP/IP connections?")]
    [InlineData("redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.")]
    [InlineData("requests.exceptions.ConnectionError: HTTPConnectionPool(host='tracker', port=80): Max retries "
        + "exceeded with url: /run (Caused by NewConnectionError('Failed to establish a new connection: "
        + "[Errno 111] Connection refused'))")]
    [InlineData("urllib3.exceptions.ProtocolError: ('Connection aborted.', ConnectionResetError(104, "
        + "'Connection reset by peer'))")]
    // The gang's own configuration, on every host the same.
    [InlineData("RuntimeError: [enforce fail at ../third_party/gloo/gloo/transport/tcp/device.cc:83] ifa != nullptr. "
        + "Unable to find address for: eth7")]
    [InlineData("torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:1970, unhandled cuda error")]
    [InlineData("RuntimeError: The server socket has failed to listen on any local network address. The server "
        + "socket has failed to bind to [::]:29500 (errno: 98 - Address already in use).")]
    [InlineData("")]
    public void Classify_OtherWords_OwnExit(string lastWords) =>
        ExitClassifier.Classify(new RankExit { Code = 1, LastLines = Trace + lastWords }).ShouldBe(ExitClass.OwnExit);

    [Theory]
    [InlineData("[W socket.cpp:601] [c10d] ")]
    [InlineData("[W1123 10:07:13.101337 socket.cpp:752] [c10d] ")]
    public void Classify_WarningsOfAStartThatSucceeded_SayNothingAboutTheEnd(string warning)
    {
        var startup = $"{warning}The client socket has failed to connect to [::ffff:10.0.0.1]:29500 (errno: 97 "
            + "- Address family not supported by protocol).\n";

        ExitClassifier.Classify(new RankExit { Signal = 11, LastLines = startup }).ShouldBe(ExitClass.OwnExit);
        ExitClassifier.Classify(new RankExit { Code = 1, LastLines = $"{startup}{Trace}ValueError: loss is nan" })
            .ShouldBe(ExitClass.OwnExit);
    }

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
    [InlineData("Read error [10.0.0.4]:40001: Connection reset by peer", "10.0.0.4")]
    [InlineData("Connection reset by peer", null)]
    [InlineData("ncclRemoteError", null)]
    public void BlamedAddress_AsTheLibraryWroteIt(string lastWords, string? address) =>
        ExitClassifier.BlamedAddress(new RankExit { Code = 1, LastLines = Trace + lastWords }).ShouldBe(address);
}
