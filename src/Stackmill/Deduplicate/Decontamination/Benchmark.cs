using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>One text of a problem.</summary>
/// <param name="Kind">What it is: <c>prompt</c>, <c>solution</c>, <c>solution 2</c>, <c>starter</c>, <c>test</c>.</param>
/// <param name="Text">The text.</param>
internal readonly record struct ProblemText(string Kind, string Text);

/// <summary>A problem of a benchmark.</summary>
/// <param name="Id">Its name in the benchmark, or the number of its row.</param>
/// <param name="Texts">What a file must not hold; empty texts are left out.</param>
internal sealed record Problem(string Id, IReadOnlyList<ProblemText> Texts);

/// <summary>A file with the problems of a benchmark. It is read anew each time, so that a large one is never in memory as a whole.</summary>
internal sealed class Benchmark
{
    // Long enough for every id that is in use, short enough for a line of a table.
    private const int MaxIdLength = 100;

    private readonly string _path;
    private readonly DecontaminationOptions _options;

    private Benchmark(string path, string name, DecontaminationOptions options)
    {
        (_path, Name, _options) = (path, name, options);
    }

    /// <summary>Name of the file, without its folder, for a report is the same wherever the file lies.</summary>
    public string Name { get; }

    /// <summary>Name of its form; empty before its problems are read.</summary>
    public string Form { get; private set; } = "";

    /// <summary>The files that the options name.</summary>
    /// <exception cref="UsageException">One of them is missing or of another kind.</exception>
    public static IReadOnlyList<Benchmark> Of(DecontaminationOptions options)
    {
        var (all, names) = (new List<Benchmark>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var path in options.Benchmarks)
        {
            if (!IsKnown(path))
                throw new UsageException($"the benchmark '{path}' (decontamination.benchmarks) is of no known kind; expected a file that ends in .jsonl, .jsonl.gz, .jsonl.zst or .parquet. Convert it, or correct its name.");
            if (!File.Exists(path))
                throw new UsageException($"the benchmark '{path}' (decontamination.benchmarks) {(Directory.Exists(path) ? "is a folder; expected a file" : "does not exist")}. Name each file of the benchmark, or take it out of the list.");
            var name = Path.GetFileName(path);
            for (var number = 2; !names.Add(name); number++)
                name = $"{Path.GetFileName(path)} ({number})";
            all.Add(new Benchmark(path, name, options));
        }

        return all;
    }

    /// <summary>SHA-256 of the file.</summary>
    /// <exception cref="UsageException">It can't be read.</exception>
    public string Hash() => Guard(() => AtomicFile.Hash(_path));

    /// <summary>Reads the problems.</summary>
    /// <exception cref="UsageException">The file can't be read, is of no known form, or holds no problem.</exception>
    public IEnumerable<Problem> Read()
    {
        var (number, texts) = (0L, 0L);
        using var rows = Rows().GetEnumerator();
        while (Guard(rows.MoveNext))
        {
            var row = rows.Current;
            number++;
            var form = row.Form;
            Form = form.Name;
            var problem = ProblemOf(row, form, number);
            texts += problem.Texts.Count;
            yield return problem;
        }

        if (texts == 0)
        {
            throw new UsageException(
                $"the benchmark '{_path}' (decontamination.benchmarks) holds {(number == 0 ? "no rows" : $"{number} rows, and no text in the columns of its form {Form}")}. Expected at least one problem; fetch the file again, or take it out of the list.");
        }
    }

    private static bool IsKnown(string path) => JsonLines.IsName(path) || IsParquet(path);

    private static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<BenchmarkRow> Rows()
    {
        var file = Guard(() => new LocalFile(_path, Path.GetFileName(_path)));
        return IsParquet(_path) ? BenchmarkParquet.Read(file, _options) : BenchmarkLines.Read(file, _options);
    }

    private static Problem ProblemOf(BenchmarkRow row, BenchmarkForm form, long number)
    {
        var (id, texts) = ("", new List<ProblemText>());
        foreach (var column in form.Columns)
        {
            var values = row.Texts(column);
            if (column.Role == BenchmarkForm.Id)
            {
                id = values is [var first, ..] ? new string([.. first.Take(MaxIdLength).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]) : "";
                continue;
            }

            // A list of tests is one text, for each of them is short; solutions are texts of their own.
            var joined = column.Role == "test" && values.Count > 1 ? [string.Join('\n', values)] : values;
            var before = texts.Count(t => t.Kind.StartsWith(column.Role, StringComparison.Ordinal));
            foreach (var text in joined.Where(t => !string.IsNullOrWhiteSpace(t)))
                texts.Add(new ProblemText(before++ == 0 ? column.Role : $"{column.Role} {before}", text));
        }

        return new Problem(id.Length > 0 ? id : $"row {number}", texts);
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the benchmark '{_path}' (decontamination.benchmarks) can't be read: {fault.Message} Expected a file that may be read; correct its rights or its path.", fault);
        }
        catch (ShardFaultException fault)
        {
            throw new UsageException($"the benchmark file {fault.Message}", fault);
        }
    }
}
