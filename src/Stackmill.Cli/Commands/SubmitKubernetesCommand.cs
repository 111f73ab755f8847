using System.CommandLine;
using Stackmill.Core.Stages;
using Stackmill.Runs.Cluster;
using Stackmill.Runs.Plans;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill submit kubernetes</c>: the manifests of a plan.</summary>
internal static class SubmitKubernetesCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "Project folder that was planned, in a volume that all pods share.", Required = true, HelpName = "DIR" };
        var image = new Option<string>("--image") { Description = "Image with this program, with a tag other than latest, or a digest.", Required = true, HelpName = "IMAGE" };
        var volume = new Option<string[]>("--volume") { Description = "Claim and the absolute path that it has here and in pods; with :ro it is not written to; may be repeated.", Required = true, HelpName = "CLAIM:PATH" };
        var space = new Option<string?>("--namespace") { Description = "Namespace (default: that of the one who applies the manifests).", HelpName = "NAME" };
        var secret = new Option<string>("--secret") { Description = "Secret whose entries become variables, e.g. AWS_ACCESS_KEY_ID; it may be missing.", DefaultValueFactory = _ => "stackmill-s3", HelpName = "NAME" };
        var concurrent = new Option<int>("--max-concurrent") { Description = "Pods of a group that run at the same time.", DefaultValueFactory = _ => 16, HelpName = "N" };
        var retries = new Option<int>("--retries") { Description = "Times that a task is tried again.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var helm = new Option<bool>("--helm") { Description = "Write values for the Helm chart in deploy/kubernetes/helm, in place of manifests." };
        image.Validators.Add(result =>
        {
            if (Given.Text(result) is { } text && ImageName.Problem(text) is { } problem)
                result.AddError($"--image: {problem}; expected a name with a tag other than latest, or with a digest.");
        });
        volume.Validators.Add(result =>
        {
            var texts = result.Tokens.Select(t => t.Value).ToList();
            foreach (var text in texts.Where(t => KubernetesVolume.Parse(t) is null))
                result.AddError($"--volume: found '{text}'; expected CLAIM:PATH or CLAIM:PATH:ro with an absolute path.");
            if (KubernetesOptions.Clash([.. texts.Select(KubernetesVolume.Parse).OfType<KubernetesVolume>()]) is { } clash)
                result.AddError($"--volume: {clash}");
        });
        foreach (var name in new Option[] { space, secret })
        {
            name.Validators.Add(result =>
            {
                if (Given.Text(result) is not { } text || KubernetesOptions.IsName(text))
                    return;
                var found = text.Length > KubernetesOptions.MostName ? $"a name of {text.Length} characters" : $"'{text}'";
                result.AddError($"{name.Name}: found {found}; expected lower case letters, digits and dashes between them, {KubernetesOptions.MostName} characters at most.");
            });
        }

        concurrent.Within(1, KubernetesManifests.MostParallel, $"1 to {KubernetesManifests.MostParallel}");
        retries.Within(0, KubernetesManifests.MostRetries, $"0 to {KubernetesManifests.MostRetries}");
        var command = new Command("kubernetes",
            """
            Writes manifests for what is not done of a plan into plan/kubernetes of the project: an Indexed Job a group, and a script that
            applies them with kubectl, each after those that it needs. Nothing is sent to a cluster by this command.

            Example: stackmill submit kubernetes --output /project --image registry.example.org/stackmill:0.1.0 --volume stackmill-project:/project
            """) { output, image, volume, space, secret, concurrent, retries, helm };
        command.Validators.Add(result =>
        {
            if (result.GetResult(helm) is { Implicit: false } values && !(bool.TryParse(Given.Text(values), out var isHelm) && !isHelm) && Given.Text(result.GetResult(space)) is not null)
                result.AddError("--helm with --namespace: Helm takes the namespace itself. Leave it out here, and give it to helm.");
        });
        command.SetAction(parsed =>
        {
            var project = PlanCommand.RequireShared(parsed.GetValue(output)!);
            var plan = RunPlan.Read(project);
            var options = PlanConfiguration.Read(plan, RunPlan.PathIn(project));
            PlannedRun.Require(project, plan, null, options);
            var how = new KubernetesOptions
            {
                Image = parsed.GetValue(image)!,
                Volumes = [.. parsed.GetValue(volume)!.Select(v => KubernetesVolume.Parse(v)!)],
                Namespace = parsed.GetValue(space) ?? "",
                Secret = parsed.GetValue(secret)!,
                Parallelism = parsed.GetValue(concurrent),
                Retries = parsed.GetValue(retries),
            };
            var (manifests, progress) = (new KubernetesManifests(project, plan, how), PlanProgress.Of(project, plan, options));
            var paths = parsed.GetValue(helm) ? manifests.WriteValues(progress) : manifests.Write(progress);
            foreach (var path in paths)
                Console.Out.WriteLine(path);
            if (paths.Count == 0)
                Console.Out.WriteLine("nothing to submit: every task is done");
            return (int)ExitCode.Done;
        });
        return command;
    }
}
