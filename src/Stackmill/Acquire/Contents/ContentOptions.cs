using Stackmill.Core.Options;

namespace Stackmill.Acquire.Contents;

/// <summary>Section <c>contents</c>: where the contents of files come from that are known by their blob_id, and how they are fetched.</summary>
internal sealed class ContentOptions : ICheckedOptions
{
    [Option("location", "Bucket and prefix of the contents; the blob_id is appended.")]
    public string Location { get; set; } = "s3://softwareheritage/content/";

    [Option("endpoint", "Address of the S3 server, whose buckets are then part of the path; empty: Amazon's in the region. AWS_ENDPOINT_URL is for storage, not for contents.")]
    public string Endpoint { get; set; } = "";

    [Option("region", "Region of the bucket.")]
    public string Region { get; set; } = "us-east-1";

    [Option("signed", "Sign requests, with credentials from the environment, a profile, the shared AWS files or a role.")]
    public bool Signed { get; set; }

    [Option("profile", "Profile of the shared AWS files (with signed); empty: AWS_PROFILE, else the usual chain of environment, profile and role.")]
    public string Profile { get; set; } = "";

    [Option("request_payer", "Pay for the requests (with signed); the bucket's owner pays otherwise.")]
    public bool RequestPayer { get; set; }

    [Option("accept_terms", "You have read the terms of use for bulk access to Software Heritage, and agree.")]
    public bool AcceptTerms { get; set; }

    [Option("max_concurrency", "Most requests at once; how many there are is found by latency and by refusals. After a kill, at most so many contents are fetched again.", Min = 1, Max = 2048)]
    public int MaxConcurrency { get; set; } = 256;

    [Option("max_bytes_per_second", "Limit of the rate of download, in bytes as they come, over all connections; 0 for none.", IsSize = true, Min = 0)]
    public long MaxBytesPerSecond { get; set; }

    [Option("timeout_seconds", "Longest time for a connection, for the head of an answer, and then without a byte of its body; a body gets a second more for each 4 KiB.", Min = 0.05, Max = 3600)]
    public double TimeoutSeconds { get; set; } = 20;

    [Option("retries", "Further attempts for one file after a failure that may pass.", Min = 0, Max = 100)]
    public int Retries { get; set; } = 8;

    [Option("refusals_to_stop", "The run ends when the store has refused so many contents and given none, which means that it is not the contents; where the cache has contents of the dataset, ten times as many as those may be; 0: it never ends for that.", Min = 0)]
    public int RefusalsToStop { get; set; } = 20;

    [Option("cache", "Folder of fetched contents, by their hash, so that nothing is fetched twice; empty: data/cache of the project; none: one inside the dataset that goes when that is done.")]
    public string Cache { get; set; } = "";

    [Option("file_tree", "Also write one file a content with a .sha256 file beside it and _checksums.sha256, into this folder; empty: no such tree.")]
    public string FileTree { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => BlobClients.Check(this);
}

/// <summary>What the stage <c>contents</c> needs to know.</summary>
internal sealed class ContentStageOptions
{
    [Section("contents", "Where contents come from, and how they are fetched.")]
    public ContentOptions Contents { get; set; } = new();

    [Option("max_file_size_mb", "Hard limit: larger files are never read, in MiB.", Min = 1, Max = 1024)]
    public int MaxFileSizeMb { get; set; } = 10;

    [Option("shard_size", "Bytes of content a shard.", IsSize = true, Min = 1)]
    public long ShardSize { get; set; } = 16 << 20;

    /// <summary>The keys that the result depends on; how fast and from which of several equal servers contents come is none of them.</summary>
    public static bool IsPartOfKey(string key) => key is "contents.location" or "contents.accept_terms" or "max_file_size_mb" or "shard_size";
}
