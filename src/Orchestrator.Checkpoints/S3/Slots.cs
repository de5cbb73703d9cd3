namespace Orchestrator.Checkpoints.S3;

/// <summary>
/// A bound for requests at the same time. The least number goes first: part 1 of every file before part 2 of any,
/// so that the parts of a file mostly arrive in their order, and a file that is left over gets all the slots.
/// </summary>
internal sealed class Slots(int count)
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, (long Number, long Turn)> _waiting = new();
    private int _free = count;
    private long _turn;

    public async Task WaitAsync(long number, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            _waiting.Enqueue(turn, (number, _turn++));
        }

        await using var registration = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    public void Release()
    {
        lock (_gate)
        {
            // Who was cancelled meanwhile takes none.
            while (_waiting.TryDequeue(out var next, out _))
            {
                if (next.TrySetResult())
                    return;
            }

            _free++;
        }
    }
}
