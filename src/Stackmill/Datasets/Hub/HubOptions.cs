using Stackmill.Core.Options;

namespace Stackmill.Datasets.Hub;

/// <summary>Section <c>hub</c>: the Hugging Face Hub.</summary>
internal sealed class HubOptions : ICheckedOptions
{
    [Option("endpoint", "Address of the Hub; empty: HF_ENDPOINT, else the public one.")]
    public string Endpoint { get; set; } = "";

    [Option("token", "Access token; empty: HF_TOKEN, HUGGING_FACE_HUB_TOKEN, HUGGINGFACE_TOKEN, or the token file of the Hub's own client.", IsSecret = true)]
    public string? Token { get; set; }

    [Option("concurrency", "Requests at once.", Min = 1, Max = 64)]
    public int Concurrency { get; set; } = 8;

    [Option("retries", "Further attempts after a request that failed for a passing reason.", Min = 0, Max = 100)]
    public int Retries { get; set; } = 8;

    [Option("timeout_seconds", "Longest time without a byte from the Hub.", Min = 0.1, Max = 3600)]
    public double TimeoutSeconds { get; set; } = 30;

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check() => WebAddress.Check("endpoint", Endpoint, "https://hub.example.org");
}
