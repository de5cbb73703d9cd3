using Xunit.v3;

// A cluster mostly waits: for leases, for heartbeats, for its next step. Two at once fill a small machine; more would
// only wait for each other.
[assembly: Parallelization(MaxThreads = 2)]
