using Stackmill.Core.Faults;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether the project folder can be one. What lies in object storage is written to by a check of its own.</summary>
internal static class OutputCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "output";

    // An input that can't lie in the way of any output.
    private const string Elsewhere = "hf://datasets/none/none";

    /// <summary>Looks at an output on this machine, as a run does before it begins; writes nothing.</summary>
    /// <param name="subject">What is examined.</param>
    /// <param name="inputIsReadable">False when the input's own check has told that it can't be read.</param>
    public static Check Run(DoctorSubject subject, bool inputIsReadable)
    {
        if (subject.OutputFault is { } wrong)
            return Check.Wrong(Id, Need.Required, wrong);
        if (subject.Output is not { } output)
            return Check.Skipped(Id, "none is named: the disk of the current folder is looked at instead", "name the project folder: --output ./project");
        try
        {
            Pipeline.Require(subject.InputPlace == InputPlace.Local && inputIsReadable ? subject.Input! : Elsewhere, output, subject.Options);
            var name = Path.GetFullPath(output);
            return Check.Ok(Id, Directory.Exists(output) ? name : $"{name} (will be made)");
        }
        catch (StackmillException fault)
        {
            return Check.Wrong(Id, Need.Required, fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Check.Wrong(Id, Need.Required, $"it can't be looked into: {fault.Message.TrimEnd('.')}", "check its permissions, or choose another --output");
        }
    }
}
