// Each test trains on all cores of the machine; two at once would only measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
