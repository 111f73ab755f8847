using Stackmill.Core.Options;

namespace Stackmill.Preprocess.Redact;

/// <summary>Which kinds of personal data and secrets are replaced.</summary>
internal sealed class RedactionOptions
{
    [Option("email", "Replace e-mail addresses.")]
    public bool Email { get; set; } = true;

    [Option("key", "Replace API keys, tokens, passwords and private keys.")]
    public bool Key { get; set; } = true;

    [Option("ssn", "Replace US social security numbers.")]
    public bool Ssn { get; set; } = true;

    [Option("credit_card", "Replace payment card numbers that pass the Luhn check.")]
    public bool CreditCard { get; set; } = true;

    [Option("phone", "Replace phone numbers.")]
    public bool Phone { get; set; } = true;

    [Option("ip_address", "Replace public IPv4 and IPv6 addresses; private, loopback and documentation ranges stay.")]
    public bool IpAddress { get; set; } = true;

    [Option("default_phone_region", "Two-letter ISO 3166 code of the country whose national phone numbers are recognised beside the international form.")]
    public string DefaultPhoneRegion { get; set; } = "US";

    /// <summary>True when rules of this kind are on.</summary>
    public bool Includes(RedactionKind kind) => kind switch
    {
        RedactionKind.Email => Email,
        RedactionKind.Key => Key,
        RedactionKind.Ssn => Ssn,
        RedactionKind.CreditCard => CreditCard,
        RedactionKind.Phone => Phone,
        _ => IpAddress,
    };
}
