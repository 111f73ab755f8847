using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;
using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Organize.Sources.Git;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether there is an input, and what it is. Inputs of the Hub and of object storage are read by checks of their own.</summary>
internal static class InputCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "input";

    /// <summary>Looks at an input that lies on this machine or in a Git repository.</summary>
    public static InputLook Run(DoctorSubject subject, CancellationToken cancellation)
    {
        try
        {
            return subject.InputPlace switch
            {
                InputPlace.None => new InputLook(Check.Skipped(Id, "none is named: checks that depend on it are left out", "name what you will run on, e.g.: stackmill doctor --input ./src --output ./project")),
                InputPlace.Wrong => new InputLook(Check.Wrong(Id, Need.Required, subject.Fault!)),
                InputPlace.Hub => new InputLook(Check.Ok(Id, $"{HubLocation.Parse(subject.Input!)} ({subject.InputOrigin})")),
                _ => Local(subject, OrganizeInput.Find(subject.Input!, subject.Options.Input.Format), cancellation),
            };
        }
        catch (StackmillException fault)
        {
            return new InputLook(Check.Wrong(Id, Need.Required, fault));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new InputLook(Check.Wrong(Id, Need.Required, $"it can't be read: {fault.Message.TrimEnd('.')}", "check its permissions"));
        }
    }

    private static InputLook Local(DoctorSubject subject, OrganizeInput input, CancellationToken cancellation)
    {
        var describes = input.Kind is { Form: InputForm.Parquet } kind && RunSource.DescribesFiles(kind.Files, subject.Options);
        var size = InputSize.Of(input, cancellation);
        var found = $"{input.Description}{(size is { } known ? $", {known}" : "")} ({subject.InputOrigin})";
        if (input.Git?.Sources.FirstOrDefault(s => s.IsRemote) is { } remote)
        {
            var references = GitClones.CountReferences(remote, TimeSpan.FromSeconds(subject.Options.Input.Git.TimeoutSeconds), subject.Clock, cancellation);
            found += $"; {remote.Location} has {references} branches and tags";
        }

        return new InputLook(Check.Ok(Id, found)) { DescribesFiles = describes, Size = size };
    }
}
