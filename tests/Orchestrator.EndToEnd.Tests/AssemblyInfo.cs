using Xunit.Sdk;
using Xunit.v3;

// Each test trains on all cores of the machine; two at once would only measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
