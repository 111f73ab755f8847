using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Runs.Provenance;

/// <summary>What a statement says of files.</summary>
/// <param name="Subjects">The files that it is about, with the SHA-256 of each.</param>
/// <param name="Byproducts">Names of files that were made beside them.</param>
internal sealed record ProvenanceStatement(IReadOnlyList<(string Name, string Sha256)> Subjects, IReadOnlyList<string> Byproducts)
{
    // A million subjects; the program's own releases have some thousands.
    private const long MostBytes = 256L << 20;

    /// <summary>Reads a statement.</summary>
    /// <exception cref="UsageException">The file is none of the types that this program writes.</exception>
    public static ProvenanceStatement Read(string path)
    {
        if (!FileKind.IsOrdinary(path))
            throw new UsageException($"'{path}' is a FIFO, socket or device; expected a statement.");
        if (new FileInfo(path).Length > MostBytes)
            throw new UsageException($"'{path}' is no statement: it has more than {MostBytes >> 20} MiB. Expected {ReleaseProvenance.FileName} as a run with lineage.provenance set writes it.");
        try
        {
            // Two keys of one name are found when an object is first asked for one.
            if (JsonNode.Parse(File.ReadAllBytes(path)) is JsonObject statement && (string?)statement["_type"] == ReleaseProvenance.StatementType && (string?)statement["predicateType"] == ReleaseProvenance.PredicateType)
            {
                var byproducts = (statement["predicate"] as JsonObject)?["runDetails"]?["byproducts"] as JsonArray ?? [];
                return new ProvenanceStatement(
                    [.. (statement["subject"] as JsonArray ?? throw new JsonException("there are no subjects")).Select(s => (Text(s?["name"]), Text(s?["digest"]?["sha256"])))],
                    [.. byproducts.Select(b => Text(b?["name"]))]);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new UsageException($"'{path}' is no in-toto statement: it is not of the form {ReleaseProvenance.StatementType} with subjects that have a name and a sha256. Write it anew by a run with lineage.provenance set.", fault);
        }

        throw new UsageException($"'{path}' is no statement of the types {ReleaseProvenance.StatementType} and {ReleaseProvenance.PredicateType}. Write it anew by a run with lineage.provenance set.");
    }

    private static string Text(JsonNode? node) => (string?)node ?? throw new JsonException("a file has no name, or no sha256");
}
