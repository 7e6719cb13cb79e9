using Ppma.EndToEnd.Lab;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(Laboratory))]

// One machine, and a worker pinned to a thread is slow enough without neighbours.
[assembly: Parallelization(Mode = ParallelMode.None)]
