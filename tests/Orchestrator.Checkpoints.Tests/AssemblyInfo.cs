using Orchestrator.Testing;

[assembly: AssemblyFixture(typeof(CephServer))]
