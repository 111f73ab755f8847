namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>The rules of personal data beside those of addresses, phones and cards.</summary>
internal static class PersonalRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        ObfuscatedEmailRule.Rule,
        SsnRule.Taxpayer,
        IbanRule.Rule,
        .. EuropeanIds.All,
        .. OtherIds.All,
        PassportRule.Rule,
        MacAddressRule.Rule,
        UserPathRule.Unix,
        UserPathRule.Mac,
        UserPathRule.Windows,
        NameRules.Author,
        NameRules.Copyright,
        NameRules.Trailer,
        LocationRule.Rule,
    ];
}
