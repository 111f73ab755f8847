using System.Collections.Frozen;
using System.Text;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Reads the name of a person: one to five words of any script that begin with an upper-case letter where the script has case, with initials, hyphens, apostrophes
/// and particles (van, de, bin …). What holds a word of organisations (Inc, Foundation, Authors …) is no person.
/// </summary>
internal static class PersonName
{
    private const int MostWords = 5;
    private const int LongestName = 80;

    private static readonly FrozenSet<string> Particles = "van von de der den del della di da das do dos du la le el al bin ibn ben y e af av ter ten zu zum zur".Split(' ').ToFrozenSet();

    private static readonly FrozenSet<string> Organisations = (
        "inc ltd llc llp gmbh ag sa sarl srl bv nv oy ab as corp corporation company co plc pty limited incorporated foundation stiftung association consortium institute institut institution university universität université college school academy laboratory laboratories lab labs " +
        "center centre council committee commission government department ministry agency group team teams project projects community contributors contributor authors author maintainers developers developer committers members organization organisation initiative alliance society " +
        "network networks software systems system technologies technology tech solutions services service platforms platform research studio studios digital media interactive entertainment games security semiconductor microsystems graphics instruments electronics devices " +
        "industries enterprises partners holdings international global computing computer computers communications telecom telegraph telephone bank press publishing publications consulting ventures capital trust fund union " +
        "google microsoft facebook meta apple amazon oracle ibm intel amd nvidia netflix twitter uber airbnb adobe redhat hat novell canonical mozilla apache eclipse linux gnu jetbrains vmware cisco qualcomm samsung huawei alibaba tencent baidu yandex sony nokia ericsson siemens bosch " +
        "sap salesforce dropbox linkedin github gitlab atlassian docker kubernetes openjs jquery nodejs node python django rails perl java javascript typescript php react angular vue webpack babel d3 khronos w3c ietf iso ieee ansi mit bsd gpl inria cern nasa bell regents board trustees " +
        "the this that all these any your my our some no first last full given unknown anonymous various several others other copyright copyrights license licensed licence rights reserved notice permission holder holders owner owners portions version file code source string name names " +
        "year date todo none null undefined see http https www end terms software open free domain data user users admin root test example sample default editor tag tags title description id url email mail type value list class object plugin module package library api bot robot dependabot renovate " +
        "january february march july september october november december monday tuesday wednesday thursday friday saturday sunday created modified updated generated automatically auto based derived adapted original implementation").Split(' ').ToFrozenSet();

    /// <summary>End of the name that begins at <paramref name="start"/>, which is a word's first byte; -1 when none does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where the name would begin.</param>
    /// <param name="fewest">Words that it must have, but in scripts without case.</param>
    public static int End(ReadOnlySpan<byte> text, int start, int fewest)
    {
        int at = start;
        int end = -1;
        int words = 0;
        bool caseless = false;
        while (words < MostWords && at - start < LongestName)
        {
            int next = Word(text, at, out bool upper, out bool noCase, out bool allUpper);
            if (next == at)
                break;
            string word = Lower(text[at..next]);
            if (!upper && !noCase && !(words > 0 && Particles.Contains(word)))
            {
                if (Organisations.Contains(word) && words > 0)
                    return -1;
                break;
            }
            // Words in capitals are rather a constant or an acronym, but for initials and the like.
            if (Organisations.Contains(word.TrimEnd('.')) || (allUpper && word.Length > 2 && fewest < 2 && words == 0))
                return -1;
            words++;
            caseless |= noCase;
            if (upper || noCase)
                end = next;
            if (Shapes.At(text, next) != ' ')
                break;
            at = next + 1;
        }
        if (end < 0 || words < fewest && !caseless || IsOrganisationAfter(text, end))
            return -1;
        // Perl's documentation: Jane Doe C<<jane>>, Jane Doe E<lt>.
        if (Shapes.At(text, end) == '<' && text[end - 2] == ' ')
            end -= 2;
        int letters = end - start;
        return letters < 2 || (caseless && letters < 6) ? -1 : end;
    }

    /// <summary>True for a word that names no person.</summary>
    public static bool IsGeneric(ReadOnlySpan<byte> word) => Organisations.Contains(Lower(word));

    // One word, with a dot where it is an initial or "Jr.".
    private static int Word(ReadOnlySpan<byte> text, int at, out bool upper, out bool noCase, out bool allUpper)
    {
        (upper, noCase, allUpper) = (false, false, true);
        int i = at;
        int letters = 0;
        while (i < text.Length && i - at < LongestName)
        {
            if (Rune.DecodeFromUtf8(text[i..], out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
                break;
            bool letter = rune.IsAscii ? Shapes.IsLetter((byte)rune.Value) : Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark;
            if (letter)
            {
                if (letters++ == 0)
                {
                    upper = Rune.IsUpper(rune);
                    noCase = Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.OtherLetter;
                }
                // d'Arc, o'Neil, and names of two capitals.
                upper |= letters <= 3 && Rune.IsUpper(rune) && (Shapes.At(text, i - 1) == '\'' || letters == 2);
                allUpper &= Rune.IsUpper(rune);
                i += length;
                continue;
            }
            bool joins = letters > 0 && (rune.Value is '\'' or '-' or 0x2019 or 0x00B7 or 0x30FB) && Continues(text, i + length);
            if (!joins)
                break;
            i += length;
        }
        if (letters > 0 && Shapes.At(text, i) == '.' && (letters <= 2 || IsSuffix(text[at..i])) && Shapes.At(text, i + 1) is (byte)' ' or (byte)',' or (byte)'<' or (byte)'\n' or >= (byte)'A' and <= (byte)'Z')
            i++;
        return letters == 0 || Shapes.IsDigit(Shapes.At(text, i)) || Shapes.At(text, i) is (byte)'_' or (byte)'@' or (byte)'/' or (byte)'$' or (byte)'{' or (byte)'%' || (Shapes.At(text, i) == '.' && Shapes.IsAlphanumeric(Shapes.At(text, i + 1)) && text[i - 1] != '.') ? at : i;
    }

    private static bool Continues(ReadOnlySpan<byte> text, int at) =>
        at < text.Length && Rune.DecodeFromUtf8(text[at..], out Rune rune, out _) == System.Buffers.OperationStatus.Done && Rune.IsLetter(rune);

    private static bool IsSuffix(ReadOnlySpan<byte> word) => word.SequenceEqual("Jr"u8) || word.SequenceEqual("Sr"u8) || word.SequenceEqual("Dr"u8) || word.SequenceEqual("Prof"u8) || word.SequenceEqual("St"u8);

    // "Meta Platforms, Inc." and "Foo Bar and/or its affiliates".
    private static bool IsOrganisationAfter(ReadOnlySpan<byte> text, int end)
    {
        if (text[end..].StartsWith(" and/or"u8))
            return true;
        int i = end;
        while (i - end < 2 && Shapes.At(text, i) is (byte)',' or (byte)' ')
            i++;
        int run = Shapes.Run(text, i, Shapes.Alphanumeric, 14);
        return i > end && run > 0 && Lower(text.Slice(i, run)) is "inc" or "ltd" or "llc" or "gmbh" or "corp" or "corporation" or "co" or "limited" or "foundation" or "incorporated" or "bv" or "ag";
    }

    private static string Lower(ReadOnlySpan<byte> word) => Encoding.UTF8.GetString(word).ToLowerInvariant();
}
