using Orchestrator.Domain;
using Orchestrator.Domain.Jobs;
using Orchestrator.Gateway.Events;

namespace Orchestrator.Hosting.Tests;

public sealed class EventJournalTests
{
    private readonly EventJournal _journal = new(TimeProvider.System);

    [Fact]
    public void From_TheEndOfAPage_GivesOnlyWhatCameSince()
    {
        Launch(attempts: 3);
        var page = _journal.From(0);
        Launch(attempts: 2);

        page.Events.Count.ShouldBe(3);
        _journal.From(page.End).Events.Count.ShouldBe(2);
        _journal.From(page.End).Missed.ShouldBe(0);
    }

    [Fact]
    public void From_APositionThatIsGone_SaysHowManyAreMissing()
    {
        Launch(attempts: EventJournal.Capacity + 5);

        var page = _journal.From(2);

        page.Events.Count.ShouldBe(EventJournal.Capacity);
        page.Missed.ShouldBe(3);
        page.End.ShouldBe(EventJournal.Capacity + 5);
    }

    [Fact]
    public void Note_RecordsWithoutEvents_AreLeftOut()
    {
        _journal.Note("one", "other");
        _journal.Note(new JobState(), new JobState());

        _journal.From(0).End.ShouldBe(0);
    }

    private void Launch(int attempts)
    {
        for (var attempt = 1; attempt <= attempts; attempt++)
        {
            var before = new JobState { Id = "job", Attempt = attempt - 1 };
            _journal.Note(before, before with { Attempt = attempt, Reason = new Reason("preparing", "Again.") });
        }
    }
}
