using Microsoft.Extensions.Time.Testing;
using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Ranks;

namespace Orchestrator.Agent.Tests.Checkpoints;

public class OpenSavesTests
{
    private static readonly RankKey First = new("job-1", 1, 0);
    private static readonly RankKey Second = new("job-1", 1, 1);

    [Fact]
    public async Task QuietAsync_TwoRanksCopy_WaitsForBoth()
    {
        var saves = new OpenSaves(TimeProvider.System);
        saves.QuietAsync(CancellationToken.None).IsCompleted.ShouldBeTrue();
        saves.Begun(First);
        saves.Begun(Second);
        var quiet = saves.QuietAsync(CancellationToken.None);

        saves.Ended(First);
        quiet.IsCompleted.ShouldBeFalse();
        saves.Ended(Second);

        await quiet;
    }

    [Fact]
    public async Task QuietAsync_RankNeverCommits_EndsAllTheSame()
    {
        var time = new FakeTimeProvider();
        var saves = new OpenSaves(time);
        saves.Begun(First);
        var quiet = saves.QuietAsync(CancellationToken.None);

        time.Advance(OpenSaves.Patience);

        await quiet;
        saves.QuietAsync(CancellationToken.None).IsCompleted.ShouldBeTrue();
    }
}
