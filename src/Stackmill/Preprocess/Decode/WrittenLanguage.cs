namespace Stackmill.Preprocess.Decode;

/// <summary>Languages that share legacy encodings.</summary>
[Flags]
internal enum LanguageGroup
{
    None = 0,
    Western = 1,
    Central = 1 << 1,
    Turkish = 1 << 2,
    Baltic = 1 << 3,
    Russian = 1 << 4,
    Ukrainian = 1 << 5,
    Slavic = 1 << 6,
    Greek = 1 << 7,
    Hebrew = 1 << 8,
    Arabic = 1 << 9,
    Thai = 1 << 10,
    Japanese = 1 << 11,
    Simplified = 1 << 12,
    Traditional = 1 << 13,
    Korean = 1 << 14,
    Celtic = 1 << 15,
    Esperanto = 1 << 16,
    Vietnamese = 1 << 17,
    Nordic = 1 << 18,
    Latin = Western | Central | Turkish | Baltic | Celtic | Esperanto | Vietnamese | Nordic,
    Cyrillic = Russian | Ukrainian | Slavic,
    Ideographic = Japanese | Simplified | Traditional | Korean,
}

/// <summary>A language that comments are written in.</summary>
/// <param name="Code">ISO 639 code, with the country where the script depends on it; the name of its statistics.</param>
/// <param name="Group">Decides in which encodings the language is looked for.</param>
/// <param name="Prior">
/// Natural logarithm of how much rarer the language is in comments than the most frequent one of its encodings, as a
/// guess: languages of few accented letters would else explain every accent.
/// </param>
internal sealed record WrittenLanguage(string Code, LanguageGroup Group, double Prior = 0)
{
    internal static readonly WrittenLanguage[] All =
    [
        new("de", LanguageGroup.Western),
        new("fr", LanguageGroup.Western),
        new("es", LanguageGroup.Western),
        new("pt", LanguageGroup.Western, -0.2),
        new("it", LanguageGroup.Western, -0.3),
        new("sv", LanguageGroup.Western | LanguageGroup.Nordic, -0.5),
        new("da", LanguageGroup.Western | LanguageGroup.Nordic, -0.7),
        new("nb", LanguageGroup.Western | LanguageGroup.Nordic, -0.9),
        new("fi", LanguageGroup.Western | LanguageGroup.Nordic, -0.7),
        new("nl", LanguageGroup.Western, -0.7),
        new("is", LanguageGroup.Western | LanguageGroup.Nordic, -1.5),
        new("ca", LanguageGroup.Western, -1),
        new("pl", LanguageGroup.Central),
        new("cs", LanguageGroup.Central, -0.3),
        new("sk", LanguageGroup.Central, -1),
        new("hu", LanguageGroup.Central, -0.5),
        new("ro", LanguageGroup.Central, -0.7),
        new("hr", LanguageGroup.Central, -1.2),
        new("sl", LanguageGroup.Central, -1.2),
        new("tr", LanguageGroup.Turkish),
        new("lt", LanguageGroup.Baltic, -0.3),
        new("lv", LanguageGroup.Baltic, -0.6),
        new("et", LanguageGroup.Baltic | LanguageGroup.Western, -0.9),
        new("cy", LanguageGroup.Celtic, -0.5),
        new("ga", LanguageGroup.Celtic | LanguageGroup.Western, -1.5),
        new("eo", LanguageGroup.Esperanto),
        new("vi", LanguageGroup.Vietnamese),
        new("ru", LanguageGroup.Russian),
        new("uk", LanguageGroup.Ukrainian, -0.5),
        new("be", LanguageGroup.Ukrainian, -1.5),
        new("bg", LanguageGroup.Slavic, -1),
        new("sr", LanguageGroup.Slavic, -1),
        new("mk", LanguageGroup.Slavic, -1.5),
        new("el", LanguageGroup.Greek),
        new("he", LanguageGroup.Hebrew),
        new("ar", LanguageGroup.Arabic),
        new("th", LanguageGroup.Thai),
        new("ja", LanguageGroup.Japanese),
        new("zh-cn", LanguageGroup.Simplified),
        new("zh-tw", LanguageGroup.Traditional),
        new("ko", LanguageGroup.Korean),
    ];

    /// <summary>The letters that are its own even where none was counted.</summary>
    internal bool IsOfScript(char c) => Group switch
    {
        LanguageGroup.Russian or LanguageGroup.Ukrainian or LanguageGroup.Slavic => c is >= '\u0400' and < '\u0500',
        LanguageGroup.Greek => c is >= '\u0370' and < '\u0400',
        LanguageGroup.Hebrew => c is >= '\u0590' and < '\u0600',
        LanguageGroup.Arabic => c is >= '\u0600' and < '\u0700',
        LanguageGroup.Thai => c is >= '\u0E00' and < '\u0E80',
        LanguageGroup.Korean => c is >= '\uAC00' and < '\uD7A4',
        LanguageGroup.Japanese => c is (>= '\u3040' and < '\u3100') or (>= '\u4E00' and < '\uA000'),
        LanguageGroup.Simplified or LanguageGroup.Traditional => c is >= '\u4E00' and < '\uA000',
        _ => c < '\u0250',
    };
}
