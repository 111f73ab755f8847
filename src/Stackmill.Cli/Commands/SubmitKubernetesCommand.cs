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
            if (result.GetValueOrDefault<string>() is { } text && !IsPinned(text))
                result.AddError($"--image: '{text}' is no image, or may be another one tomorrow; expected a name with a tag other than latest, or with a digest.");
        });
        volume.Validators.Add(result =>
        {
            var texts = result.GetValueOrDefault<string[]>() ?? [];
            foreach (var text in texts.Where(t => KubernetesVolume.Parse(t) is null))
                result.AddError($"--volume: found '{text}'; expected CLAIM:PATH or CLAIM:PATH:ro with an absolute path.");
            if (KubernetesOptions.Clash([.. texts.Select(KubernetesVolume.Parse).OfType<KubernetesVolume>()]) is { } clash)
                result.AddError($"--volume: {clash}");
        });
        foreach (var name in new Option[] { space, secret })
        {
            name.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<string?>() is { } text && !KubernetesOptions.IsName(text))
                    result.AddError($"{name.Name}: found '{text}'; expected lower case letters, digits and dashes.");
            });
        }

        foreach (var (option, least, most) in new[] { (concurrent, 1, KubernetesManifests.MostParallel), (retries, 0, int.MaxValue) })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is var number && (number < least || number > most))
                    result.AddError($"{option.Name}: found {number}; expected {least} or more{(most < int.MaxValue ? $", and {most} at most" : "")}.");
            });
        }

        var command = new Command("kubernetes",
            """
            Writes manifests for what is not done of a plan into plan/kubernetes of the project: an Indexed Job a group, and a script that
            applies them with kubectl, each after those that it needs. Nothing is sent to a cluster by this command.

            Example: stackmill submit kubernetes --output /project --image registry.example.org/stackmill:0.1.0 --volume stackmill-project:/project
            """) { output, image, volume, space, secret, concurrent, retries, helm };
        command.Validators.Add(result =>
        {
            if (result.GetValue(helm) && result.GetValue(space) is not null)
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
            foreach (var path in parsed.GetValue(helm) ? [manifests.WriteValues(progress)] : manifests.Write(progress))
                Console.Out.WriteLine(path);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static bool IsPinned(string image)
    {
        if (!image.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':' or '@') || !char.IsAsciiLetterOrDigit(image.FirstOrDefault()))
            return false;
        if (image.Contains("@sha256:", StringComparison.Ordinal))
            return true;
        // A colon before the last slash belongs to the registry's port.
        var name = image[(image.LastIndexOf('/') + 1)..];
        return name.Split(':') is [_, { Length: > 0 } tag] && tag != "latest";
    }
}
