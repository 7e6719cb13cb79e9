using System.Collections;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Ppma.Operator.Hosting;
using Ppma.Operator.Pods;

namespace Ppma.Chart.Tests;

/// <summary>The chart and the operator's code agree: on settings, on the least that a pod may be, on the names of workers.</summary>
public sealed class OperatorTests
{
    /// <summary>What the chart decides itself, or what makes no sense in a cluster.</summary>
    private static readonly string[] NotForInstallers = ["namespace", "workerImage", "leaseName", "leaseNamespace", "port", "kubeconfig"];

    private static readonly JsonNode Settings = JsonNode.Parse(Repository.Read("charts/ppma-cloud/values.schema.json"))!["properties"]!["operator"]!["properties"]!;

    [Fact]
    public void Settings_InTheSchema_AreTheOperators()
    {
        IEnumerable<string> settings = typeof(OperatorOptions).GetProperties().Where(property => property.CanWrite)
            .Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]);

        Assert.Equal(settings.Except(NotForInstallers).Order(StringComparer.Ordinal), Settings.AsObject().Select(property => property.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("realHumans", typeof(RealHumansPolicy))]
    [InlineData("logFormat", typeof(LogFormat))]
    [InlineData("logLevel", typeof(LogThreshold))]
    public void Choices_InTheSchema_AreTheOperators(string setting, Type type) =>
        Assert.Equal(Enum.GetNames(type), Settings[setting]!["enum"]!.AsArray().Select(choice => (string?)choice));

    [Fact]
    public async Task Environment_OfTheDeployment_IsWhatTheOperatorReads()
    {
        V1Deployment deployment = await DeploymentAsync("tests/Ppma.Chart.Tests/Values/everything.yaml", "watchNamespace=team-a");

        OperatorOptions options = OperatorConfiguration.Read([], EnvironmentOf(deployment));

        Assert.Equal(
            new OperatorOptions
            {
                Namespace = "team-a",
                WorkerImage = "registry.example.com/ppma/worker:0.1.0-cuda",
                LeaseName = "ppma-operator",
                RealHumans = RealHumansPolicy.Never,
                ForbidRealHumansIn = "team-a,team-b",
                UnrestrictedPodsIn = "lab",
                DefaultThreads = 8,
                QueriesPerSecond = 2000,
                Burst = 100_000,
                LogFormat = LogFormat.Json,
            },
            options);
    }

    [Fact]
    public async Task Environment_ByDefault_LeavesTheOperatorsDefaults()
    {
        OperatorOptions options = OperatorConfiguration.Read([], EnvironmentOf(await DeploymentAsync()));

        Assert.Equal(new OperatorOptions { WorkerImage = options.WorkerImage }, options);
    }

    [Fact]
    public async Task Pod_OfTheOperator_IsRestricted()
    {
        V1Deployment deployment = await DeploymentAsync();

        Assert.Empty(RestrictedProfile.Check(deployment.Spec.Template));
        Assert.True(deployment.Spec.Template.Spec.Containers[0].SecurityContext.ReadOnlyRootFilesystem);
    }

    [Fact]
    public async Task Workers_InPoliciesAndMonitors_AreFoundByTheOperatorsLabel()
    {
        string rendered = await Helm.RenderAsync(["watchNamespace=team", "networkPolicy.enabled=true", "monitoring.podMonitor.enabled=true"], "network", "monitors");

        Assert.Equal(3, rendered.Split($"{Labels.ManagedBy}: {Labels.ManagedByOperator}").Length - 1);
    }

    [Fact]
    public async Task Account_OfWorkers_IsOneThatRunsMayUse()
    {
        ObjectSet rendered = ObjectSet.Parse(await Helm.RenderAsync(["watchNamespace=team", "worker.serviceAccount.create=true"], "worker-accounts"));

        Assert.Equal("true", (string?)rendered.Only("ServiceAccount")["metadata"]!["annotations"]![Labels.AllowRuns]);
    }

    private static async Task<V1Deployment> DeploymentAsync(params string[] values) =>
        KubernetesYaml.Deserialize<V1Deployment>(await Helm.RenderAsync(values, "deployment"));

    private static Hashtable EnvironmentOf(V1Deployment deployment)
    {
        var variables = new Hashtable();
        foreach (V1EnvVar variable in deployment.Spec.Template.Spec.Containers[0].Env)
        {
            variables.Add(variable.Name, variable.Value ?? "");
        }

        return variables;
    }
}
