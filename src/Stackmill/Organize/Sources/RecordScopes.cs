using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Organize.Licenses;
using Stackmill.Organize.Sources.Records;
using Stackmill.Shared;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Sources;

/// <summary>
/// What licence files among records say of the folders of their repositories. They lie anywhere in the input, so it is read once for them before the
/// tasks run; what was found is kept in a scratch file, which a run that was interrupted takes up again. Only files of this machine are read twice.
/// </summary>
internal sealed class RecordScopes
{
    // Some 200 bytes each; an input with more of them than this is told of and not half understood.
    private const int MostFiles = 1_000_000;

    private const string FileName = "folders.jsonl";

    private readonly FolderMap _folders;

    private RecordScopes(FolderMap folders) => _folders = folders;

    /// <summary>Reads the input for licence files; <c>null</c> when nothing is known of any repository.</summary>
    /// <param name="form">Form of the records.</param>
    /// <param name="plan">The pieces.</param>
    /// <param name="names">Names of columns.</param>
    /// <param name="options">How licences are recognised.</param>
    /// <param name="scratchFolder">Folder that stays until the dataset is whole.</param>
    /// <param name="context">The run.</param>
    public static RecordScopes? Gather(InputForm form, RecordPlan plan, RecordNames names, OrganizeOptions options, string scratchFolder, RunContext context)
    {
        if (options.Licenses.Detect == LicenseOptions.Never)
            return null;
        if (plan.Pieces.Any(p => p.File is not LocalFile))
        {
            if (options.Licenses.Detect == LicenseOptions.Always)
                context.Observer.Note(OrganizeStage.Id, "records that lie elsewhere are read once: their licences are told from each file's own header, not from licence files");
            return null;
        }

        var file = Path.Combine(scratchFolder, FileName);
        if (!File.Exists(file))
            Write(file, Read(form, plan, names, options, context));
        return Load(file, context);
    }

    /// <summary>The ids that hold for a record; <c>null</c> when its repository is not known.</summary>
    public IReadOnlyList<string>? Of(CodeRecord record, Dictionary<string, IReadOnlyList<string>> cache) =>
        record.RepoName.Length == 0 ? null : _folders.Of(record.RepoName, record.Path, cache);

    private static List<Found>[]? Read(InputForm form, RecordPlan plan, RecordNames names, OrganizeOptions options, RunContext context)
    {
        var (found, total) = (new List<Found>[plan.Pieces.Count], 0);
        var told = plan.Pieces.Select(p => p.File).Distinct().ToDictionary(f => f, f => form == InputForm.Parquet && options.Licenses.Detect == LicenseOptions.Missing && TellsLicenses(f, names));
        Parallel.For(
            0,
            found.Length,
            new ParallelOptions { MaxDegreeOfParallelism = context.Workers, CancellationToken = context.Cancellation },
            () => (new RecordReading(form, names), new LicenseReader()),
            (i, _, tools) =>
            {
                var sink = new Sink(tools.Item2, options, context.Cancellation);
                if (Volatile.Read(ref total) > MostFiles)
                    return tools;
                try
                {
                    if (!told[plan.Pieces[i].File])
                        tools.Item1.Read(plan.Pieces[i], sink);
                }
                catch (ShardFaultException)
                {
                    // The task meets the same fault again and reports it; what was read before it holds.
                    sink.Found.TrimExcess();
                }

                found[i] = sink.Found;
                Interlocked.Add(ref total, sink.Found.Count);
                return tools;
            },
            _ => { });
        return total > MostFiles ? null : found;
    }

    // Files whose columns tell the licences of each record have no need of it; the records of other forms are asked one by one.
    private static bool TellsLicenses(SourceFile file, RecordNames names)
    {
        try
        {
            using var reader = ParquetTableReader.Open(file);
            var columns = ParquetTableReader.Guard(file.Name, () => reader.Schema).FieldsList.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
            return names.Others.Any(n => n.Field?.Name is "detected_licenses" or "license_type" && n.Names.Any(columns.Contains));
        }
        catch (ShardFaultException)
        {
            return false;
        }
    }

    private static void Write(string file, List<Found>[]? found) => AtomicFile.Write(file, stream =>
    {
        if (found is null)
            stream.Write("null\n"u8);
        foreach (var piece in found ?? [])
        {
            foreach (var folder in piece)
            {
                JsonSerializer.Serialize(stream, folder);
                stream.WriteByte((byte)'\n');
            }
        }
    });

    private static RecordScopes? Load(string file, RunContext context)
    {
        var folders = new FolderMap();
        foreach (var line in File.ReadLines(file))
        {
            if (JsonSerializer.Deserialize<Found>(line) is not { } found)
            {
                context.Observer.Warn(OrganizeStage.Id, $"the records hold more than {MostFiles} licence files, which is more than is kept in memory: licences are told from each file's own header alone");
                return null;
            }

            folders.Add(UInt128.Parse(found.Folder, System.Globalization.CultureInfo.InvariantCulture), found.Kind, found.Ids);
        }

        return new RecordScopes(folders);
    }

    private sealed record Found(string Folder, LicenseFileKind Kind, IReadOnlyList<string> Ids);

    private sealed class Sink(LicenseReader reader, OrganizeOptions options, CancellationToken cancellation) : IRecordSink
    {
        public List<Found> Found { get; } = [];

        public void Take(CodeRecord record)
        {
            cancellation.ThrowIfCancellationRequested();
            if (record.RepoName.Length == 0 || !RecordLicenses.IsWanted(options.Licenses, record.DetectedLicenses, record.LicenseType))
                return;
            var path = RecordIdentity.NormalisePath(record.Path);
            if (LicenseFiles.Of(path, out var folder) is not LicenseFileKind.None and var kind)
            {
                var content = record.Content.Span;
                var ids = reader.Ids(kind, Path.GetFileName(path), content[..Math.Min(content.Length, LicenseFiles.MostBytes)]);
                if (ids.Count > 0)
                    Found.Add(new Found(FolderMap.Key(record.RepoName, folder).ToString(System.Globalization.CultureInfo.InvariantCulture), kind, ids));
            }
        }

        // Counted when the task meets it.
        public void Fail(CodeRecord about, RecordFaultException fault)
        {
        }

        public void EmptyRepository()
        {
        }
    }
}
