namespace Orchestrator.Domain.Pools;

/// <summary>What an operator allows a warm pool to give.</summary>
/// <param name="Spares">Free nodes held back from new jobs, for replacements.</param>
/// <param name="ReplacementsPerMinute">
/// Nodes given in place of others within a minute, to all jobs together; see <see cref="ReplacementCap"/>.
/// </param>
public readonly record struct PoolLimits(int Spares, int ReplacementsPerMinute);
