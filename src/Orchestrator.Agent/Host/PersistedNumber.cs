using System.Globalization;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Host;

/// <summary>A number that only rises and is on the disk before anybody sees it.</summary>
internal sealed class PersistedNumber
{
    private readonly string _path;
    private readonly Lock _gate = new();
    private ulong _value;

    /// <exception cref="InvalidDataException">The file holds something else than a number.</exception>
    public PersistedNumber(string path)
    {
        _path = path;
        if (!File.Exists(path))
            return;
        var text = File.ReadAllText(path).Trim();
        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _value))
            throw new InvalidDataException($"{path} holds '{text}' instead of a number; restore or delete it.");
    }

    public ulong Value
    {
        get
        {
            lock (_gate)
                return _value;
        }
    }

    /// <summary>The next number, stored.</summary>
    public ulong Next()
    {
        lock (_gate)
            return Store(_value + 1);
    }

    /// <summary>Doubles the number, up to a limit, for somebody who knows only that it is too low.</summary>
    /// <remarks>Doubling passes any number in a few steps, and stays below its double.</remarks>
    public void Double(ulong limit)
    {
        lock (_gate)
        {
            if (_value <= limit / 2)
                Store(_value * 2);
        }
    }

    /// <summary>Stores the number when it is higher; false when it is lower than the highest seen.</summary>
    public bool TryRaise(ulong number)
    {
        lock (_gate)
        {
            if (number > _value)
                Store(number);
            return number == _value;
        }
    }

    private ulong Store(ulong number)
    {
        DurableFile.Write(_path, number.ToString(CultureInfo.InvariantCulture));
        return _value = number;
    }
}
