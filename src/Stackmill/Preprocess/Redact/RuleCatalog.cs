using Stackmill.Preprocess.Redact.Rules;

namespace Stackmill.Preprocess.Redact;

/// <summary>Every rule. A new one is its entry in its file and, if the file is new, a line here; its samples are its test.</summary>
internal static class RuleCatalog
{
    public static IReadOnlyList<Rule> Rules { get; } =
    [
        EmailRule.Rule,
        EmailRule.Encoded,
        PrivateKeyRule.Pem,
        PrivateKeyRule.Putty,
        PrivateKeyRule.Ssh2,
        .. TokenRules.All,
        StructuredSecretRules.Jwt,
        StructuredSecretRules.UrlPassword,
        StructuredSecretRules.Bearer,
        StructuredSecretRules.Basic,
        StructuredSecretRules.Telegram,
        StructuredSecretRules.Mailchimp,
        StructuredSecretRules.Discord,
        CredentialRules.Netrc, CredentialRules.PgPass, CredentialRules.CommandUser, CredentialRules.Identified, CredentialRules.Encoded, CredentialRules.SentryAddress,
        AssignmentRules.Aws,
        AssignmentRules.Token,
        AssignmentRules.Password,
        SsnRule.Rule,
        CreditCardRule.Rule,
        PhoneRule.Rule,
        IpAddressRules.V4,
        IpAddressRules.V6,
        .. PersonalRules.All,
    ];
}
