using Stackmill.Core.Options;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>Section <c>storage</c>: object storage that paths of the form s3://bucket/prefix lie in.</summary>
internal sealed class StorageOptions : ICheckedOptions
{
    [Option("endpoint", "Address of an S3-compatible server; empty: AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, else Amazon's.")]
    public string Endpoint { get; set; } = "";

    [Option("region", "Region; empty: AWS_REGION or the profile's, else us-east-1.")]
    public string Region { get; set; } = "";

    [Option("profile", "Profile of the shared AWS files; empty: AWS_PROFILE, else the usual chain of environment, profile and role.")]
    public string Profile { get; set; } = "";

    [Option("path_style", "Put the bucket into the path instead of the host's name; always so with an endpoint of one's own.")]
    public bool PathStyle { get; set; }

    [Option("request_payer", "Pay for the requests to buckets whose owner does not.")]
    public bool RequestPayer { get; set; }

    [Option("unsigned", "Send requests without credentials, for public buckets.")]
    public bool Unsigned { get; set; }

    [Option("part_size", "Bytes of one part of a multipart upload.", IsSize = true, Min = 5 << 20, Max = 5L << 30)]
    public long PartSize { get; set; } = 16 << 20;

    [Option("concurrency", "Transfers at once.", Min = 1, Max = 256)]
    public int Concurrency { get; set; } = 16;

    [Option("work_dir", "Local folder in which data of s3:// paths is kept while it is worked on; empty: the system's cache folder.")]
    public string WorkDir { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => WebAddress.Check("endpoint", Endpoint, "https://minio.example.org:9000");
}
