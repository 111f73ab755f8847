using Stackmill.Core.Options;
using Stackmill.Preprocess.Redact.UserRules;

namespace Stackmill.Preprocess.Redact;

/// <summary>Which kinds of personal data and secrets are found, and what becomes of them.</summary>
internal sealed class RedactionOptions : ICheckedOptions
{
    private UserRuleSet? _userRules;

    public const string Numbered = "numbered";
    public const string BigCode = "bigcode";
    public const string Fake = "fake";
    public const string Hash = "hash";

    [Option("email", "Replace e-mail addresses.")]
    public bool Email { get; set; } = true;

    [Option("obfuscated_email", "Replace addresses such as 'name at host dot com' too.")]
    public bool ObfuscatedEmail { get; set; }

    [Option("key", "Replace API keys, tokens, passwords and private keys.")]
    public bool Key { get; set; } = true;

    [Option("ssn", "Replace US social security and individual taxpayer numbers.")]
    public bool Ssn { get; set; } = true;

    [Option("credit_card", "Replace payment card numbers that pass the Luhn check.")]
    public bool CreditCard { get; set; } = true;

    [Option("phone", "Replace phone numbers.")]
    public bool Phone { get; set; } = true;

    [Option("ip_address", "Replace public IPv4 and IPv6 addresses; private, loopback and documentation ranges stay.")]
    public bool IpAddress { get; set; } = true;

    [Option("iban", "Replace bank account numbers (IBAN).")]
    public bool Iban { get; set; } = true;

    [Option("national_id", "Replace national identity and tax numbers of persons.")]
    public bool NationalId { get; set; } = true;

    [Option("passport", "Replace passport numbers beside a word that says so.")]
    public bool Passport { get; set; } = true;

    [Option("mac_address", "Replace MAC addresses of real devices.")]
    public bool MacAddress { get; set; } = true;

    [Option("user_path", "Replace the user's name in home folders such as /home/NAME/ and C:\\Users\\NAME.")]
    public bool UserPath { get; set; } = true;

    [Option("name", "Replace names of persons in author tags, copyright lines and Git trailers.")]
    public bool Name { get; set; }

    [Option("location", "Replace geographic coordinates.")]
    public bool Location { get; set; }

    [Option("default_phone_region", "Two-letter ISO 3166 code of the country whose national phone numbers are recognised beside the international form.")]
    public string DefaultPhoneRegion { get; set; } = "US";

    [Option("min_confidence", "Finds of rules that are less sure of them are left; see the list of rules.", Min = 0, Max = 1)]
    public double MinConfidence { get; set; }

    [Option("style", "What takes a value's place: numbered <EMAIL_1>, bigcode <EMAIL>, fake values of reserved ranges, or a keyed hash <EMAIL_09af…>.", Values = [Numbered, BigCode, Fake, Hash])]
    public string Style { get; set; } = Numbered;

    [Option("seed", "Decides which fake values are taken.", Min = 0)]
    public int Seed { get; set; }

    [Option("hash_key", "Key of hashes, at least 16 bytes: the key itself, env:NAME, or file:PATH. Needed for the style hash and for record_hash.", IsSecret = true)]
    public string? HashKey { get; set; }

    [Option("record_hash", "Keep a keyed hash of each value beside its place, so that equal values can be told.")]
    public bool RecordHash { get; set; }

    [Option("actions", "What becomes of a kind's finds, such as {key: drop_file}: replace, annotate (it stays, and is written down), or drop_file.")]
    public IReadOnlyDictionary<string, string> Actions { get; set; } = new Dictionary<string, string>();

    [Option("rules", "Further rules and allow-lists, in TOML in the form of gitleaks.")]
    public string Rules { get; set; } = "";

    [Option("rule_files", "Files with further rules and allow-lists, in TOML in the form of gitleaks.")]
    public IReadOnlyList<string> RuleFiles { get; set; } = [];

    /// <summary>The user's rules and allow-lists, read once.</summary>
    /// <exception cref="Stackmill.Core.Faults.UsageException">A file can't be read, or a rule is wrong.</exception>
    public UserRuleSet UserRules => LazyInitializer.EnsureInitialized(ref _userRules, () => UserRuleSet.Load(this));

    /// <summary>True when rules of this kind are on.</summary>
    public bool Includes(RedactionKind kind) => kind switch
    {
        RedactionKind.Email => Email,
        RedactionKind.Key => Key,
        RedactionKind.Ssn => Ssn,
        RedactionKind.CreditCard => CreditCard,
        RedactionKind.Phone => Phone,
        RedactionKind.IpAddress => IpAddress,
        RedactionKind.Iban => Iban,
        RedactionKind.NationalId => NationalId,
        RedactionKind.Passport => Passport,
        RedactionKind.MacAddress => MacAddress,
        RedactionKind.UserPath => UserPath,
        RedactionKind.Name => Name,
        _ => Location,
    };

    /// <summary>True when a rule is on.</summary>
    public bool Includes(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Includes(rule.Kind) && rule.Confidence >= MinConfidence && rule.IsWanted?.Invoke(this) != false;
    }

    /// <summary>What becomes of a kind's finds.</summary>
    public RedactionAction ActionOf(RedactionKind kind) => Actions.GetValueOrDefault(RedactionKinds.Name(kind)) switch
    {
        "annotate" => RedactionAction.Annotate,
        "drop_file" => RedactionAction.DropFile,
        _ => RedactionAction.Replace,
    };

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        foreach (var (kind, action) in Actions)
        {
            if (!RedactionKinds.All.Contains(kind))
                yield return new OptionProblem("actions", $"the kind '{kind}'", $"one of {string.Join(", ", RedactionKinds.All)}");
            else if (action is not ("replace" or "annotate" or "drop_file"))
                yield return new OptionProblem("actions", $"'{action}' for {kind}", "replace, annotate or drop_file");
        }

        if (DefaultPhoneRegion != "US" && !PhoneNumbers.PhoneNumberUtil.GetInstance().GetSupportedRegions().Contains(DefaultPhoneRegion))
            yield return new OptionProblem("default_phone_region", $"'{DefaultPhoneRegion}'", "the two capital letters of a country, such as US or DE");
        if (HashKey is null or "" && (RecordHash || Style == Hash))
            yield return new OptionProblem("hash_key", "no key", "a key of at least 16 bytes, for the style hash and for record_hash");
    }
}
