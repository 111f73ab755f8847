using Stackmill.Datasets;
using Stackmill.Preprocess.Redact.UserRules;

namespace Stackmill.Preprocess.Redact;

/// <summary>What redaction reads beside its options, and the result depends on: the key of hashes and files of rules.</summary>
internal static class RedactionInputs
{
    /// <summary>The inputs, with hashes that tell whether they are the same.</summary>
    public static IEnumerable<ManifestInput> Of(RedactionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.RecordHash || options.Style == RedactionOptions.Hash)
            yield return new ManifestInput("redaction.hash_key", HashKeys.Fingerprint(options.HashKey!));
        foreach (var path in options.RuleFiles)
            yield return new ManifestInput($"redaction.rule_files {path}", UserRuleSet.Hash(path));
    }
}
