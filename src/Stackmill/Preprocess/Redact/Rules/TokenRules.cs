using Stackmill.Preprocess.Redact.Rules.Tokens;

namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>Every provider's format, by sector: a new one is a line in its sector's file.</summary>
internal static class TokenRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        .. CloudTokens.All,
        .. ForgeTokens.All,
        .. ChatTokens.All,
        .. PaymentTokens.All,
        .. MailTokens.All,
        .. RegistryTokens.All,
        .. AiTokens.All,
        .. DataTokens.All,
        .. InfraTokens.All,
        .. OtherTokens.All,
        .. CredentialFileTokens.All,
    ];
}
