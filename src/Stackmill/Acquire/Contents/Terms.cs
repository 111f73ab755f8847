using Stackmill.Core.Faults;

namespace Stackmill.Acquire.Contents;

/// <summary>The terms under which contents may be fetched in bulk, which must be accepted before the first request.</summary>
internal static class Terms
{
    private const string ArchiveBucket = "softwareheritage";

    /// <summary>The terms, as they are shown. Sources: the dataset cards of The Stack v2, and Software Heritage's terms of use for bulk access.</summary>
    public const string Text =
        """
        The contents of The Stack v2 are kept by Software Heritage. Before you fetch them in bulk:

          1. Bulk access needs an agreement with Software Heritage and Inria: write to datasets@softwareheritage.org.
          2. Each file stays under the licence of its repository; attribution and other duties of that licence are yours.
          3. Move to the newest version of the dataset when it appears, so that files whose authors have opted out are gone,
             and leave out what later opt-out lists name (filters.opt_outs).
          4. Follow Software Heritage's principles for language models trained on its archive.

        Terms of the dataset: https://huggingface.co/datasets/bigcode/the-stack-v2
        Terms of bulk access: https://www.softwareheritage.org/legal/bulk-access-terms-of-use/
        """;

    /// <summary>True when a location lies in Software Heritage's bucket, whatever server it is asked from, or on its servers.</summary>
    public static bool Apply(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out var address))
            return false;
        // s3://bucket/…, https://bucket.s3.region.amazonaws.com/…, https://s3.region.amazonaws.com/bucket/… and the archive itself.
        return Is(address.Host, ArchiveBucket) || address.Host.StartsWith(ArchiveBucket + ".", StringComparison.OrdinalIgnoreCase)
            || address.Host.EndsWith(ArchiveBucket + ".org", StringComparison.OrdinalIgnoreCase) || (address.Scheme is "http" or "https" && address.Segments is [_, var first, ..] && Is(first.TrimEnd('/'), ArchiveBucket));
    }

    /// <summary>Fails, showing the terms, when they apply and are not accepted.</summary>
    /// <exception cref="UsageException">They are not accepted.</exception>
    public static void Require(ContentOptions options)
    {
        if (Apply(options.Location) && !options.AcceptTerms)
            throw new UsageException($"the terms of use for '{options.Location}' are not accepted; nothing was fetched.\n\n{Text}\n\nIf you agree, run the same command with --accept-terms (or set contents.accept_terms: true); the manifest records it.");
    }

    private static bool Is(string text, string other) => text.Equals(other, StringComparison.OrdinalIgnoreCase);
}
