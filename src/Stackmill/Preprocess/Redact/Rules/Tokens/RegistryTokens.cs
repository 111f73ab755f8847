namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Package registries. One line a format.</summary>
internal static class RegistryTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("npm-token-crc32", "npm token whose checksum is right", ["npm_"], "alnum 36", check: Crc32Token.IsValid, body: Crc32Token.Sample(2), confidence: 0.99),
        TokenFormat.Token("npm-token", "npm token without a right checksum", ["npm_"], "alnum 36", check: static b => !Crc32Token.IsValid(b), confidence: 0.8),
        TokenFormat.Token("pypi-token", "PyPI upload token", ["pypi-AgEIcHlwaS5vcmc", "pypi-AgENdGVzdC5weXBpLm9yZw"], "url 50-1000"),
        TokenFormat.Token("rubygems-key", "RubyGems key", ["rubygems_"], "hex 48"),
        TokenFormat.Token("nuget-key", "NuGet key", ["oy2"], "lower 43"),
        TokenFormat.Token("crates-io-token", "crates.io token", ["cio"], "alnum 32"),
        TokenFormat.Token("docker-token", "Docker Hub token", ["dckr_pat_", "dckr_oat_"], "url 27-32"),
        TokenFormat.Token("jfrog-key", "JFrog key", ["AKCp"], "alnum 69-70"),
        TokenFormat.Token("jfrog-reference-token", "JFrog reference token", ["cmVmdGtu"], "alnum 56"),
        TokenFormat.Token("clojars-token", "Clojars token", ["CLOJARS_"], "hex 60"),
        TokenFormat.Token("packagist-token", "Packagist token", ["packagist_"], "word 40-90", body: "uat_" + Samples.Of(68, Samples.LowerHex)),
        NearName.Of("cloudsmith-key", "Cloudsmith key", ["cloudsmith"], ["hex 40"], "CLOUDSMITH_API_KEY"),
        NearName.Of("gemfury-token", "Gemfury token", ["gemfury", "fury_"], ["alnum 20"], "GEMFURY_TOKEN"),
        NearName.Of("expo-token", "Expo token", ["expo_token", "expo_access"], ["url 40"], "EXPO_TOKEN"),
        TokenFormat.Token("swarm-join-token", "Docker Swarm join token", ["SWMTKN-1-"], "lower 50 '-' lower 25"),
    ];
}
