namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Private parts of keys and passwords in the files that tools keep them in. One line a format.</summary>
internal static class CredentialFileTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("xml-rsa-private-key", "Private part of an RSA key in XML", ["<D>", "<P>", "<Q>", "<DP>", "<DQ>", "<InverseQ>"], "base64= 40-1400", bodyOnly: true),
        TokenFormat.Token("kubeconfig-client-key", "Private key in a kubeconfig", ["client-key-data: ", "client-key-data: \""], "base64= 80-16000", bodyOnly: true),
        TokenFormat.Token("apache-password-hash", "MD5 hash of a password as htpasswd writes it", ["$apr1$", "$1$"], "crypt 1-8 '$' crypt 22"),
        TokenFormat.Token("bcrypt-password-hash", "bcrypt hash of a password", ["$2y$", "$2a$", "$2b$"], "digits 2 '$' crypt 53"),
        TokenFormat.Token("sha-crypt-password-hash", "SHA-512 or SHA-256 hash of a password as crypt writes it", ["$6$", "$6$rounds=5000$", "$6$rounds=656000$"], "crypt 1-16 '$' crypt 86"),
        TokenFormat.Token("sha-256-crypt-password-hash", "SHA-256 hash of a password as crypt writes it", ["$5$", "$5$rounds=5000$"], "crypt 1-16 '$' crypt 43"),
        TokenFormat.Token("argon2-password-hash", "Argon2 hash of a password", ["$argon2id$", "$argon2i$", "$argon2d$"], "'v=' digits 2 '$m=' digits 1-8 ',t=' digits 1-3 ',p=' digits 1-3 '$' base64 11-88 '$' base64 22-176"),
        TokenFormat.Token("yescrypt-password-hash", "yescrypt hash of a password", ["$y$"], "crypt 2-8 '$' crypt 1-86 '$' crypt 43"),
        TokenFormat.Token("django-password-hash", "Hash of a password as Django writes it", ["pbkdf2_sha256$"], "digits 4-8 '$' alnum 8-64 '$' base64= 44"),
        TokenFormat.Token("private-key-base64", "Private key block in base64", ["LS0tLS1CRUdJTiBQUklWQVRF", "LS0tLS1CRUdJTiBSU0EgUFJJVkFUR", "LS0tLS1CRUdJTiBFQyBQUklWQVRF", "LS0tLS1CRUdJTiBEU0EgUFJJVkFUR", "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUg", "LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFUR"], "base64= 80-16000"),
        TokenFormat.Token("ldap-password-hash", "SHA-1 hash of a password as LDAP and htpasswd write it", ["{SHA}", "{SSHA}"], "base64= 28-48"),
        .. JsonWebKeyPart("\"d\":", "\"d\": "),
    ];

    // The lengths in base64 of what elliptic curves, Edwards curves and RSA of 512 to 4,096 bits have there.
    private static IEnumerable<Rule> JsonWebKeyPart(params string[] first)
    {
        string[] names = ["d", "p", "q", "dp", "dq", "qi", "k"];
        string[] prefixes = [.. first.Select(f => f + "\""), .. names[1..].SelectMany(n => (string[])[$"\"{n}\":\"", $"\"{n}\": \""])];
        int[] lengths = [43, 64, 86, 88, 171, 256, 342, 512, 683];
        yield return TokenFormat.Token("json-web-key", "Private part of a JSON Web Key (RFC 7517)", prefixes, "url 43-683", bodyOnly: true, check: b => lengths.Contains(b.Length));
    }
}
