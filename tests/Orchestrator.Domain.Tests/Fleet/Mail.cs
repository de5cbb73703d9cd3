namespace Orchestrator.Domain.Tests.Fleet;

/// <summary>One-way calls between grains that are under way: they may be lost, doubled or overtaken.</summary>
internal sealed class Mail
{
    private readonly List<Action> _letters = [];

    public int Count => _letters.Count;

    public void Post(Action letter) => _letters.Add(letter);

    public void Deliver(int position)
    {
        var letter = _letters[position];
        _letters.RemoveAt(position);
        letter();
    }

    public void Repeat(int position) => _letters.Add(_letters[position]);

    public void Lose(int position) => _letters.RemoveAt(position);

    public void Clear() => _letters.Clear();
}
