using Microsoft.Extensions.Hosting;
using Orchestrator.Domain.Storage;

namespace Orchestrator.Gateway.Health;

/// <summary>Knows whether the storage answers, and since when: asked once a second.</summary>
public sealed class StorageHealth : BackgroundService
{
    /// <summary>Code of the reason while it does not.</summary>
    public const string Unavailable = "storage_unavailable";

    /// <summary>A kind that nobody stores: the storage answers it without reading a record.</summary>
    private const string NoKind = "probe";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IReadModel _readModel;
    private readonly TimeProvider _time;
    private (Domain.Reason? Problem, DateTimeOffset Since) _state;

    /// <summary>Begins as if it answered.</summary>
    /// <param name="readModel">What is asked.</param>
    /// <param name="time">The clock.</param>
    public StorageHealth(IReadModel readModel, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_readModel, _time) = (readModel, time);
        _state = (null, time.GetUtcNow());
    }

    /// <summary>Why it does not answer, null while it does; and since when that has been so.</summary>
    public (Domain.Reason? Problem, DateTimeOffset Since) State
    {
        get
        {
            lock (_time)
            {
                return _state;
            }
        }
    }

    /// <summary>Asks now.</summary>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <returns>Why it does not answer; null when it does.</returns>
    public async Task<Domain.Reason?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _readModel.ListAsync<object>(NoKind, cancellationToken)
                .WaitAsync(Patience, _time, cancellationToken);
            return Note(null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Note(new Domain.Reason(
                Unavailable,
                $"The storage does not answer: {error.Message.TrimEnd('.')}. Decisions wait until it does; training "
                + "goes on."));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            await CheckAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private Domain.Reason? Note(Domain.Reason? problem)
    {
        lock (_time)
        {
            var isSame = problem is null == _state.Problem is null;
            _state = (problem, isSame ? _state.Since : _time.GetUtcNow());
        }

        return problem;
    }
}
