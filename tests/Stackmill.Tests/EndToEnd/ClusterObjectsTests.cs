using k8s;
using k8s.Models;
using Stackmill.Tests.Conventions;
using Stackmill.Tests.Support;
using YamlDotNet.Core;

namespace Stackmill.Tests.EndToEnd;

/// <summary>
/// Everything that is meant for a cluster, read by the types that its client has from the cluster's own description of its interface: a field that it does not know, or one of
/// another type, is a fault there.
/// </summary>
public sealed class ClusterObjectsTests(PlannedProject shared) : IClassFixture<PlannedProject>
{
    [Fact]
    public void Manifests_of_a_plan_are_objects_of_a_cluster()
    {
        shared.Plan("objects", "--slots", "2");
        var files = StackmillProgram.Run(["submit", "kubernetes", "--output", shared.Folder("objects"), "--image", "registry.example.org/stackmill:0.1.0",
            "--volume", $"project:{Path.GetDirectoryName(shared.Folder("objects"))}", "--volume", $"code:{Samples.CorpusPath}:ro", "--namespace", "data"]).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(f => f.EndsWith(".yaml", StringComparison.Ordinal));
        var objects = files.SelectMany(f => Read(File.ReadAllText(f))).ToList();
        Assert.Single(objects.OfType<V1ServiceAccount>());
        Assert.Single(objects.OfType<V1ConfigMap>());
        var jobs = objects.OfType<V1Job>().ToList();
        Assert.Equal(objects.Count - 2, jobs.Count);
        Assert.All(jobs, j => Assert.Equal(("Indexed", "Never"), (j.Spec.CompletionMode, j.Spec.Template.Spec.RestartPolicy)));
    }

    [Fact]
    public void What_deploy_has_for_a_cluster_are_objects_of_it()
    {
        var files = Repository.Files("deploy/monitoring/kubernetes/", ".yaml").Where(f => !f.Path.EndsWith("kustomization.yaml", StringComparison.Ordinal)).Append(new RepositoryFile("deploy/airflow/pod-template.yaml")).ToList();
        Assert.True(files.Count >= 7);
        foreach (var file in files)
            Assert.NotEmpty(Read(file.Text));
    }

    [Theory]
    [InlineData("completions: 2", "completion: 2")]
    [InlineData("completions: 2", "completions: two")]
    [InlineData("restartPolicy: Never", "restartpolicy: Never")]
    public void A_field_that_is_none_is_found(string right, string wrong)
    {
        const string Job = """
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: one
            spec:
              completions: 2
              template:
                spec:
                  restartPolicy: Never
                  containers:
                    - name: one
                      image: registry.example.org/one:1.0
            """;
        Assert.Single(Read(Job));
        Assert.ThrowsAny<YamlException>(() => Read(Job.Replace(right, wrong, StringComparison.Ordinal)));
    }

    private static List<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, strict: true);
}
