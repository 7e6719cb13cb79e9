using Ppma.Testing.Kubernetes;

[assembly: AssemblyFixture(typeof(KubernetesFixture))]
