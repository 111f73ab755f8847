using System.Buffers;
using System.Text;

namespace Stackmill.Tests.Support;

/// <summary>
/// Looks for values that must not be there, in all forms that a writer might give them: UTF-8, UTF-16, escaped for JSON or for addresses, and base64
/// whatever stands in front of them.
/// </summary>
internal sealed class ValueSearch
{
    // Fewer characters stand in other words by chance.
    private const int LeastEncoded = 8;

    private readonly Dictionary<string, string> _forms = new(StringComparer.Ordinal);
    private readonly SearchValues<string> _any;

    public ValueSearch(IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            Add(Encoding.UTF8.GetBytes(value), value);
            Add(Encoding.Unicode.GetBytes(value), $"{value} as UTF-16");
            Add(Encoding.ASCII.GetBytes(Uri.EscapeDataString(value)), $"{value} escaped for addresses");
            Add(Encoding.UTF8.GetBytes(System.Text.Json.JsonEncodedText.Encode(value).ToString()), $"{value} escaped for JSON");
            var bytes = Encoding.UTF8.GetBytes(value);
            for (var before = 0; before < 3 && bytes.Length >= LeastEncoded; before++)
            {
                // Only digits that the value alone decides: neither those of what stands before it nor of what follows.
                var digits = Convert.ToBase64String([.. new byte[before], .. bytes]).TrimEnd('=');
                digits = digits[(before == 0 ? 0 : before + 1)..(8 * (before + bytes.Length) / 6)];
                Add(Encoding.ASCII.GetBytes(digits), $"{value} in base64");
                Add(Encoding.ASCII.GetBytes(digits.Replace('+', '-').Replace('/', '_')), $"{value} in base64 of addresses");
            }
        }

        _any = SearchValues.Create([.. _forms.Keys], StringComparison.Ordinal);
    }

    /// <summary>How many forms are looked for.</summary>
    public int Forms => _forms.Count;

    /// <summary>True when one of the values stands in the bytes, in any form.</summary>
    public bool IsIn(byte[] bytes) => Encoding.Latin1.GetString(bytes).AsSpan().ContainsAny(_any);

    /// <summary>Fails when the text holds a value.</summary>
    public void AssertAbsent(string where, string text) => AssertAbsent(where, Encoding.UTF8.GetBytes(text));

    /// <summary>Fails when the bytes hold a value.</summary>
    public void AssertAbsent(string where, byte[] bytes)
    {
        // Every byte is a character of its own in this encoding.
        var text = Encoding.Latin1.GetString(bytes);
        var at = text.AsSpan().IndexOfAny(_any);
        if (at >= 0)
            Assert.Fail($"{where} holds {_forms.First(f => text.AsSpan(at).StartsWith(f.Key)).Value} at {at}: {text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 80)]}");
    }

    /// <summary>Fails when a file below the folder holds a value, in its content or in its name; there must be files.</summary>
    public void AssertAbsentBelow(string folder, string? except = null)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => except is null || !file.StartsWith(except, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            AssertAbsent("a file's name", file);
            AssertAbsent(file, File.ReadAllBytes(file));
        }
    }

    private void Add(byte[] form, string name) => _forms.TryAdd(Encoding.Latin1.GetString(form), name);
}
