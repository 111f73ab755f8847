namespace Stackmill.Deduplicate.Decontamination;

/// <summary>A column of a benchmark, and what it holds.</summary>
/// <param name="Name">Name of the column; a dot reaches into a struct or object.</param>
/// <param name="Role">One of <see cref="BenchmarkForm.Roles"/>.</param>
/// <param name="IsJsonList">Its text is a JSON list of texts.</param>
/// <param name="IsRequired">A file without it is of another form.</param>
internal sealed record BenchmarkColumn(string Name, string Role, bool IsJsonList = false, bool IsRequired = true)
{
    /// <summary>The name of the row's own column, without what reaches into it.</summary>
    public string Top => Name.Split('.')[0];
}

/// <summary>How a benchmark writes its problems: its columns tell it apart from others.</summary>
/// <param name="Name">Its name, for the report.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record BenchmarkForm(string Name, IReadOnlyList<BenchmarkColumn> Columns)
{
    /// <summary>The column that names a problem.</summary>
    public const string Id = "id";

    /// <summary>What columns may hold.</summary>
    public static readonly IReadOnlyList<string> Roles = [Id, "prompt", "solution", "starter", "test"];

    /// <summary>The forms that are known, in the order in which they are tried.</summary>
    public static readonly IReadOnlyList<BenchmarkForm> Known =
    [
        new("HumanEval", [new("task_id", Id), new("prompt", "prompt"), new("canonical_solution", "solution"), new("test", "test", IsRequired: false)]),
        new("MBPP", [new("task_id", Id), new("text", "prompt"), new("code", "solution"), new("test_list", "test", IsRequired: false)]),
        new("MBPP (sanitized)", [new("task_id", Id), new("prompt", "prompt"), new("code", "solution"), new("test_list", "test", IsRequired: false)]),
        new("APPS", [new("problem_id", Id), new("question", "prompt"), new("solutions", "solution", IsJsonList: true), new("starter_code", "starter", IsRequired: false)]),
        new("DS-1000", [new("metadata.problem_id", Id), new("prompt", "prompt"), new("reference_code", "solution")]),
        new("LiveCodeBench", [new("question_id", Id), new("question_content", "prompt"), new("starter_code", "starter", IsRequired: false)]),
    ];

    /// <summary>The form of a file with these columns: what the options name when the file has all of that, else a known one.</summary>
    public static BenchmarkForm? Find(IReadOnlyCollection<string> columns, DecontaminationOptions options)
    {
        var named = Named(options);
        return named.Columns.Count > 0 && named.Fits(columns) ? named : Known.FirstOrDefault(form => form.Fits(columns));
    }

    /// <summary>The form that the options name; without columns when they name none.</summary>
    public static BenchmarkForm Named(DecontaminationOptions options) =>
        new("columns", [.. Roles.Where(options.Columns.ContainsKey).SelectMany(role => Split(options.Columns[role]).Select(name => new BenchmarkColumn(name, role)))]);

    /// <summary>Names with commas between them.</summary>
    public static IReadOnlyList<string> Split(string names) => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The known forms in words.</summary>
    public static string Expected => string.Join("; ", Known.Select(form => $"{form.Name} ({string.Join(", ", form.Columns.Where(c => c.IsRequired).Select(c => c.Top))})"));

    private bool Fits(IReadOnlyCollection<string> columns) => Columns.All(c => !c.IsRequired || columns.Contains(c.Top));
}
