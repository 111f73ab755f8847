namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Vaults, infrastructure, networks and identity. One line a format.</summary>
internal static class InfraTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("vault-token", "HashiCorp Vault token", ["hvs.", "hvb.", "hvr."], "url 24-300"),
        NearName.Of("vault-old-token", "HashiCorp Vault token of the old form", ["vault_"], ["'s.' alnum 24"], "VAULT_TOKEN"),
        TokenFormat.Marked("terraform-cloud-token", "Terraform Cloud token", "alnum 14", [".atlasv1."], "url 60-70"),
        TokenFormat.Token("pulumi-token", "Pulumi token", ["pul-"], "hex 40"),
        TokenFormat.Token("doppler-token", "Doppler token", ["dp.pt.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."], "alnum 40-44"),
        TokenFormat.Token("doppler-service-token", "Doppler service token", ["dp.st."], "dotted 40-80"),
        TokenFormat.Token("onepassword-service-token", "1Password service account token", ["ops_eyJ"], "base64= 200-2000"),
        TokenFormat.Token("onepassword-secret-key", "1Password secret key", ["A3-"], "upper 6 '-' upper 6 '-' upper 5 '-' upper 5 '-' upper 5 '-' upper 5"),
        TokenFormat.Token("infisical-token", "Infisical service token", ["st."], "hex 24 '.' hex 32 '.' hex 32"),
        TokenFormat.Token("age-secret-key", "age secret key", ["AGE-SECRET-KEY-1"], "upper 58"),
        TokenFormat.Token("tailscale-key", "Tailscale key", ["tskey-auth-", "tskey-api-", "tskey-client-", "tskey-webhook-", "tskey-scim-"], "alnum 10-24 '-' alnum 16-48"),
        NearName.Of("ngrok-token", "ngrok token", ["ngrok"], ["word 40-50"], "NGROK_AUTHTOKEN"),
        NearName.Of("okta-token", "Okta token", ["okta"], ["'00' url 40"], "OKTA_API_TOKEN"),
        TokenFormat.Token("okta-authorization", "Okta token in an authorisation header", ["SSWS "], "'00' url 40", bodyOnly: true),
        NearName.Of("auth0-secret", "Auth0 client secret", ["auth0"], ["url 64"], "AUTH0_CLIENT_SECRET"),
        NearName.Of("zerotier-token", "ZeroTier token", ["zerotier"], ["alnum 32"], "ZEROTIER_TOKEN"),
        NearName.Of("kubernetes-bootstrap-token", "Kubernetes bootstrap token", ["kubeadm"], ["lower 6 '.' lower 16"], "KUBEADM_TOKEN"),
        TokenFormat.Token("rancher-token", "Rancher token", ["token-"], "lower 5 ':' lower 54"),
        NearName.Of("consul-token", "Consul token", ["consul"], ["uuid"], "CONSUL_HTTP_TOKEN"),
        TokenFormat.Token("prefect-key", "Prefect key", ["pnu_", "pnb_"], "alnum 36"),
        TokenFormat.Token("unkey-key", "Unkey key", ["unkey_"], "alnum 20-40"),
        TokenFormat.Token("inngest-signing-key", "Inngest signing key", ["signkey-prod-", "signkey-test-"], "hex 64"),
        TokenFormat.Token("kong-token", "Kong Konnect token", ["kpat_", "spat_"], "alnum 50"),
        TokenFormat.Token("duo-secret", "Duo or Akamai client token", ["akab-"], "url 16 '-' url 16"),
        TokenFormat.Token("salesforce-session", "Salesforce session", ["00D"], "alnum 12-15 '!' dotted 80-120"),
        NearName.Of("snowflake-key", "Snowflake token", ["snowflake"], ["url 40-88"], "SNOWFLAKE_TOKEN"),
    ];
}
