using System.Text;
using Stackmill.Acquire.Metadata;
using Stackmill.Datasets;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Support;

/// <summary>
/// A gated dataset on a fake Hub that describes files as The Stack v2 does, a bucket that holds their contents, and a
/// configuration that leads from the one to a release. Every row's fate is known before.
/// </summary>
internal sealed class StackV2World : IAsyncDisposable
{
    /// <summary>Name of the dataset.</summary>
    public const string Dataset = "bigcode/the-stack-v2-dedup";

    /// <summary>Languages by the Hub's folder, linguist's name and extension.</summary>
    public static readonly (string Folder, string Name, string Extension)[] Languages = [("Python", "Python", "py"), ("Java", "Java", "java"), ("C-Sharp", "C#", "cs"), ("Go", "Go", "go")];

    private readonly TempFolder _folder = new();

    private StackV2World(HubServer hub, BlobServer blobs) => (Hub, Blobs) = (hub, blobs);

    public HubServer Hub { get; }

    public BlobServer Blobs { get; }

    /// <summary>The rows of each language's folder.</summary>
    public Dictionary<string, List<MetadataRow>> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>All rows.</summary>
    public IEnumerable<MetadataRow> All => Rows.Values.SelectMany(r => r);

    /// <summary>Path below this world's own folder.</summary>
    public string this[params string[] parts] => _folder[parts];

    /// <summary>What the program finds in its environment: where the Hub is, whose token, and no one's cache.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["HF_ENDPOINT"] = Hub.Endpoint,
        ["HF_TOKEN"] = HubServer.Token,
        ["HF_HOME"] = _folder["no-token-file"],
        ["XDG_CACHE_HOME"] = _folder["cache"],
    };

    /// <summary>Makes the world: <paramref name="files"/> rows a language, cut into files of <paramref name="rowsPerFile"/>.</summary>
    public static async Task<StackV2World> MakeAsync(int files = 60, int rowsPerFile = 40, StackV2Form? form = null)
    {
        var world = new StackV2World(await HubServer.StartAsync(), await BlobServer.Start());
        for (var l = 0; l < Languages.Length; l++)
            world.Rows.Add(Languages[l].Folder, [.. Enumerable.Range(0, files).Select(i => world.Row(Languages[l], l * files + i, i))]);
        world.Publish(rowsPerFile, form ?? new StackV2Form { RowsPerGroup = 10 });
        return world;
    }

    /// <summary>Writes the rows as Parquet files into the dataset on the Hub, as a new commit of its branch.</summary>
    public void Publish(int rowsPerFile, StackV2Form form)
    {
        var before = Hub.Datasets.GetValueOrDefault(Dataset);
        var dataset = new HubServerDataset(Dataset) { IsGated = true }.File("README.md", "# rows\n"u8.ToArray());
        if (before is not null)
        {
            dataset.Commit = before.Commit[^1..] + before.Commit[..^1];
            dataset.Earlier.AddRange([before, .. before.Earlier]);
        }

        foreach (var (folder, rows) in Rows)
        {
            var chunks = rows.Chunk(rowsPerFile).ToList();
            for (var i = 0; i < chunks.Count; i++)
            {
                var name = $"data/{folder}/train-{i:D5}-of-{chunks.Count:D5}.parquet";
                dataset.File(name, StackV2Files.Write(_folder[$"hub/{Guid.NewGuid():N}.parquet"], chunks[i], form));
            }
        }

        Hub.Add(dataset);
    }

    /// <summary>Writes the configuration that names all of it.</summary>
    public string Configuration(string more = "") => _folder.Write($"stackmill-{Guid.NewGuid():N}.yaml",
        $"""
        metadata:
          dataset: {Dataset}
        languages: [Python, Java, C#]
        contents:
          endpoint: {Blobs.Endpoint}
          accept_terms: true
        shard_size: 64KiB
        {more}
        """);

    /// <summary>The command that does everything.</summary>
    public string[] Run(string project, params string[] more) => ["run", "--config", Configuration(), "--output", project, .. more];

    /// <summary>The program in this world's environment.</summary>
    public StackmillProgram Program => new() { Environment = Environment };

    /// <summary>What a row is, by its number: most are plain, some have a fate of their own.</summary>
    public static string Fate(int i) => (i % 20) switch
    {
        3 => "too_few_stars",
        7 => "too_small",
        11 => "copy",
        13 => "latin1",
        17 => "secret",
        _ => "plain",
    };

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Blobs.DisposeAsync();
        _folder.Dispose();
    }

    private MetadataRow Row((string Folder, string Name, string Extension) language, int number, int i)
    {
        // A copy is of the plain file two before.
        var fate = Fate(i);
        var text = Source.Python(fate == "copy" ? number - 2 : number);
        var bytes = fate switch
        {
            "too_small" => "x = 1\n"u8.ToArray(),
            "latin1" => [.. Encoding.Latin1.GetBytes("# Größe und Maß der Straße, für die Übung geprüft\n"), .. Encoding.ASCII.GetBytes(text)],
            "secret" => Encoding.UTF8.GetBytes($"contact = \"quillon.brandt{number}@harbour-office.net\"\n{text}"),
            _ => Encoding.UTF8.GetBytes(text),
        };
        // The column has linguist's names, but copies of the dataset have the folder's too.
        var row = StackV2Files.Row($"src/deep/file{i:D4}.{language.Extension}", bytes, i % 2 == 0 ? language.Name : language.Folder, $"owner{i % 5}/repo{number / 3}", fate == "too_few_stars" ? 3 : 10 + (number % 40));
        row.SrcEncoding = fate == "latin1" ? "ISO-8859-1" : "UTF-8";
        Blobs.Add(bytes);
        return row;
    }
}
