using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Shared.Configuration;

public sealed class OverrideTests
{
    private static readonly SampleOptions Defaults = new() { Origin = "given" };

    private static string Json(SampleOptions options) => ResolvedConfiguration.Of(options).Json;

    private static SampleOptions Set(params string[] assignments)
    {
        var (options, errors) = ConfigurationBinder.ApplyOverrides(Defaults, assignments);
        Assert.Empty(errors);
        return options;
    }

    [Fact]
    public void A_key_is_set_in_a_copy()
    {
        var before = Json(Defaults);
        var (options, errors) = ConfigurationBinder.ApplyOverride(Defaults, "filters.stars.min", "5");
        Assert.Empty(errors);
        Assert.Equal((5, "given"), (options.Filters.Stars.Min, options.Origin));
        Assert.Equal(before, Json(Defaults));
    }

    [Fact]
    public void Every_kind_of_value_can_be_set()
    {
        var options = Set("languages=Go,  C++", "filters.licenses=[mit, 'bsd-2-clause']", "filters.file_size.max_bytes=10 MB", "similarity_threshold=0.9",
            "model=null", "parallel_processing=false", "max_workers=4", "s3.bucket_name=true # kept: {as} is", "s3.content_prefix=",
            "s3.columns.text=a=b", "s3.columns.a.b=c", "s3.limit=", "seed=1", "seed=2");
        Assert.Equal(["Go", "C++"], options.Languages);
        Assert.Equal(["mit", "bsd-2-clause"], options.Filters.Licenses);
        Assert.Equal(10_000_000, options.Filters.FileSize.MaxBytes);
        Assert.Equal((0.9, (string?)null), (options.Duplicates.SimilarityThreshold, options.Duplicates.Model));
        Assert.Equal((false, 4, 2L), (options.ParallelProcessing, options.MaxWorkers, options.Seed));
        Assert.Equal(("true # kept: {as} is", "", (long?)null), (options.Store.BucketName, options.Store.ContentPrefix, options.Store.Limit));
        Assert.Equal(new Dictionary<string, string> { ["null"] = "12", ["text"] = "a=b", ["a.b"] = "c" }, options.Store.Columns);
        Assert.Equal(new Dictionary<string, string> { ["x"] = "1" }, Set("s3.columns={x: 1}").Store.Columns);
        Assert.Empty(Set("languages=").Languages);
    }

    [Fact]
    public void All_errors_are_reported_with_the_checks_of_a_file()
    {
        var (options, errors) = ConfigurationBinder.ApplyOverrides(Defaults, ["filters.star.min=5", "filters.stars.min=-1", "filters=5", "seed.x=1", "nothing",
            "min_bytes=3", "parallel_processing=on", "languages=[a", "filters.licenses=mit,gpl", "=5", "seed="]);
        Assert.Equal(
            [
                "--set: filters.star: found an unknown key, expected one of stars, file_size, licenses; did you mean 'filters.stars'?",
                "--set: filters.stars.min: found '-1', expected a whole number of at least 0",
                "--set: filters: found a section, expected a key in it: one of stars, file_size, licenses",
                "--set: seed.x: found a key below an option, expected the option 'seed' itself",
                "--set: found an argument without '=', expected key=value, such as similarity_threshold=0.9",
                "--set: min_bytes: found an unknown key, expected one of languages, filters, similarity_threshold, model, parallel_processing, max_workers, seed, s3, logging; did you mean 'filters.file_size.min_bytes'?",
                "--set: parallel_processing: found 'on', expected true or false; did you mean 'true'?",
                "--set: languages: found broken YAML (while parsing a flow sequence, did not find expected ',' or ']'), expected a list of texts, such as [a, b]",
                "--set: filters.licenses: found 'gpl', expected one of mit, apache-2.0, bsd-2-clause, bsd-3-clause",
                "--set: found an argument without '=', expected key=value, such as similarity_threshold=0.9",
                "--set: seed: found nothing, expected a whole number",
            ],
            errors.Select(error => error.ToString()));
        Assert.Equal(Json(Defaults), Json(options));
    }

    [Fact]
    public void Values_that_must_agree_are_compared_after_the_last()
    {
        Assert.Equal(2_000_000, Set("filters.file_size.min_bytes=2MB", "filters.file_size.max_bytes=3MB").Filters.FileSize.MinBytes);
        var (_, errors) = ConfigurationBinder.ApplyOverride(Defaults, "filters.file_size.min_bytes", "2MB");
        Assert.Equal("--set: filters.file_size.min_bytes: found 2000000 bytes, expected at most max_bytes, 1048576 bytes", Assert.Single(errors).ToString());
    }

    [Fact]
    public void Secrets_are_not_echoed() =>
        Assert.DoesNotContain("hf_1234", string.Join('\n', ConfigurationBinder.ApplyOverrides(Defaults,
            ["s3.hub_token.x=hf_1234", "hub_token=hf_1234", "s3.hub_tokens=hf_1234", "api_key:hf_1234"]).Errors), StringComparison.Ordinal);
}
