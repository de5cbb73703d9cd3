using Orchestrator.Domain.Jobs;
using Orchestrator.Simulation.Grains;

namespace Orchestrator.Simulation.Checkers;

/// <summary>A job's record was stored.</summary>
/// <param name="Id">The job.</param>
/// <param name="Call">What changed it.</param>
/// <param name="Before">The record before.</param>
/// <param name="After">The record as it is stored now.</param>
internal readonly record struct JobChange(string Id, JobCall Call, JobState Before, JobState After);
