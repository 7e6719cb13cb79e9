using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Ppma.Controllers.Events;
using Ppma.Controllers.Requests;
using Ppma.Testing.Kubernetes;
using Prometheus;

namespace Ppma.Cluster.Tests.Requests;

public sealed class EventRecorderTests(KubernetesFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_OfNotesSomeOfThemRepeated_ShowsWhereKubectlDescribeLooks()
    {
        KubernetesServer server = await fixture.GetServerAsync();
        string space = await server.CreateNamespaceAsync("events", Cancellation);
        using IDisposable client = server.ClientFor(KubernetesServer.AdminToken);
        CollectorRegistry registry = Metrics.NewCustomRegistry();
        var transport = new ApiTransport((k8s.Kubernetes)client, new RequestOptions { Client = "lab" }, TimeProvider.System, registry);
        using var recorder = new EventRecorder(
            transport, new EventRecorderOptions { Controller = "lab.example/controller" }, TimeProvider.System, registry, NullLoggerFactory.Instance);
        var job = new V1Job { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = space, Uid = Guid.NewGuid().ToString() } };

        for (int repetition = 0; repetition < 3; repetition++)
        {
            recorder.Record(job, EventSeverity.Warning, "Broken", "it broke");
        }

        recorder.Record(job, EventSeverity.Normal, "Mended", new string('ö', 1000));
        await recorder.StartAsync(Cancellation);
        await recorder.StopAsync(Cancellation);

        var selection = new ResourceSelection { Namespace = space, FieldSelector = $"involvedObject.name=a,involvedObject.kind=Job,involvedObject.uid={job.Uid()}" };
        var shown = new List<Corev1Event>();
        await new ResourceClient<Corev1Event>(transport, leadership: null, NullLogger<ApiTransport>.Instance).Select(selection).ListAsync("", shown.Add, Cancellation);
        Assert.Equal(
            [("Broken", "Warning", 3, 8), ("Mended", "Normal", null, 511)],
            shown.Select(item => (item.Reason, item.Type, item.Series?.Count, item.Message.Length)).OrderBy(item => item.Reason));
        Assert.All(shown, item => Assert.Equal("lab.example/controller", item.ReportingComponent));
    }
}
