using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;

namespace Stackmill.Runs.Explain;

/// <summary>
/// Tells from the datasets and ledgers of a project what became of files, and why. Ledgers and columns without contents are
/// streamed: memory grows with the files that are asked for alone.
/// </summary>
/// <param name="project">A project folder, or the folder of one dataset.</param>
internal sealed class Explainer(string project)
{
    /// <summary>So many files are told of; a question that more answer to is too wide.</summary>
    public const int MostFiles = 100;

    // So many digits of a content id are as good as the whole.
    private const int ShortestId = 7;

    private readonly IReadOnlyList<(string Name, Dataset Dataset)> _datasets = Datasets(project);

    /// <summary>The files that are asked for, by path, in ordinal order.</summary>
    /// <param name="question">A path, with its repository or without, the end of one from a folder on, or at least 7 digits of a content id.</param>
    /// <exception cref="UsageException">More than <see cref="MostFiles"/> files are meant.</exception>
    public IReadOnlyList<FileStory> Find(string question)
    {
        var stories = new SortedDictionary<string, Draft>(StringComparer.Ordinal);
        foreach (var (name, dataset) in _datasets)
        {
            foreach (var row in dataset.ReadLedger().Where(row => Means(question, row.RepoName, row.Path, row.ContentId)))
                Step(stories, question, row.RepoName, row.Path, row.ContentId, name, dataset).Rows.Add(row);
            for (var shard = 0; shard < dataset.Manifest.Shards.Count; shard++)
            {
                foreach (var record in dataset.Read(shard, RecordColumns.Described()).SelectMany(batch => batch).Where(r => Means(question, r.RepoName, r.Path, r.ContentId)))
                    Step(stories, question, record.RepoName, record.Path, record.ContentId, name, dataset).IsKept = true;
            }
        }

        foreach (var row in _datasets.SelectMany(d => d.Dataset.ReadLedger()).Where(row => row.KeptPath is not null))
        {
            if (stories.TryGetValue(row.KeptPath!, out var keeper))
                keeper.KeptFor.Add(row);
        }

        return [.. stories.Select(s => new FileStory(s.Key, s.Value.ContentId, [.. s.Value.Steps.Select(p => new FileStep(p.Dataset, p.Stage, p.IsKept, p.Rows))], s.Value.KeptFor))];
    }

    /// <summary>The text of a file as preprocess left it; <c>null</c> when no dataset of text has it.</summary>
    /// <param name="path">Repository and path, as <see cref="FileStory.Path"/>.</param>
    public ReadOnlyMemory<byte>? Text(string path)
    {
        foreach (var (_, dataset) in _datasets.Where(d => d.Dataset.Manifest.Content == "text"))
        {
            for (var shard = 0; shard < dataset.Manifest.Shards.Count; shard++)
            {
                foreach (var record in dataset.Read(shard, RecordColumns.Text()).SelectMany(batch => batch))
                {
                    if (record.DisplayPath == path)
                        return record.Content.ToArray();
                }
            }
        }

        return null;
    }

    private static (string, Dataset)[] Datasets(string project)
    {
        if (Manifest.Read(project) is { } own)
            return [(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(project))), Dataset.Of(project, own))];
        string[] names = [.. ProjectLayout.AcquiredNewestFirst.Reverse(), .. ProjectLayout.NewestFirst.Reverse()];
        var found = names.Select(name => (Name: name, Folder: ProjectLayout.Data(project, name)))
            .Select(d => (d.Name, d.Folder, Manifest: Manifest.Read(d.Folder))).Where(d => d.Manifest is not null)
            .Select(d => (d.Name, Dataset.Of(d.Folder, d.Manifest!))).ToArray();
        return found.Length > 0 ? found : throw new UsageException(
            $"'{project}' holds no finished dataset; expected a project folder that a run has written (with data/), or a dataset folder (with {Manifest.FileName}).");
    }

    private static bool Means(string question, string repo, string path, string contentId)
    {
        if (contentId.Length > 0 && question.Length >= ShortestId && contentId.StartsWith(question, StringComparison.OrdinalIgnoreCase) && question.All(char.IsAsciiHexDigit))
            return true;
        if (!path.EndsWith(question, StringComparison.Ordinal) && !question.EndsWith(path, StringComparison.Ordinal))
            return false;
        if (path.EndsWith(question, StringComparison.Ordinal))
            return path.Length == question.Length || path[^(question.Length + 1)] == '/';
        return repo.Length > 0 && question.Length == repo.Length + 1 + path.Length && question.StartsWith(repo, StringComparison.Ordinal) && question[repo.Length] == '/';
    }

    private static DraftStep Step(SortedDictionary<string, Draft> stories, string question, string repo, string path, string contentId, string dataset, Dataset source)
    {
        var display = repo.Length == 0 ? path : repo + "/" + path;
        if (!stories.TryGetValue(display, out var story))
        {
            if (stories.Count == MostFiles)
                throw new UsageException($"'{question}' means more than {MostFiles} files; expected a path with more folders, with its repository, or a content id.");
            stories[display] = story = new Draft();
        }

        if (contentId.Length > 0)
            story.ContentId = contentId;
        if (story.Steps.Count == 0 || story.Steps[^1].Dataset != dataset)
            story.Steps.Add(new DraftStep(dataset, source.Manifest.Stage));
        return story.Steps[^1];
    }

    private sealed class Draft
    {
        public string ContentId { get; set; } = "";

        public List<DraftStep> Steps { get; } = [];

        public List<LedgerRow> KeptFor { get; } = [];
    }

    private sealed record DraftStep(string Dataset, string Stage)
    {
        public bool IsKept { get; set; }

        public List<LedgerRow> Rows { get; } = [];
    }
}
