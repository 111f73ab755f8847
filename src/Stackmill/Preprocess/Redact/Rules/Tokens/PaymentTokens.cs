namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Payment and shops. One line a format.</summary>
internal static class PaymentTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("stripe-key", "Stripe, Paystack or Clerk secret or restricted key", ["sk_live_", "rk_live_", "sk_test_", "rk_test_", "sk_org_live_", "sk_org_test_"], "alnum 16-247"),
        TokenFormat.Token("stripe-webhook-secret", "Stripe or Svix webhook signing secret", ["whsec_"], "base64= 32-64"),
        TokenFormat.Token("square-token", "Square access token or secret", ["sq0atp-", "sq0csp-", "sandbox-sq0csb-"], "url 22-43"),
        TokenFormat.Token("square-access-token", "Square access token of the new form", ["EAAA"], "url 60", inBase64: true),
        TokenFormat.Token("braintree-token", "Braintree access token", ["access_token$production$", "access_token$sandbox$"], "lower 16 '$' hex 32"),
        NearName.Of("paypal-secret", "PayPal or Braintree secret", ["paypal", "braintree"], ["url 80", "hex 32"], "PAYPAL_CLIENT_SECRET"),
        TokenFormat.Token("adyen-key", "Adyen key", ["AQE"], "base64= 80-260 '-' base64= 40-260"),
        NearName.Of("plaid-secret", "Plaid secret", ["plaid"], ["hex 30"], "PLAID_SECRET"),
        TokenFormat.Token("plaid-access-token", "Plaid access token", ["access-sandbox-", "access-production-", "access-development-"], "uuid"),
        TokenFormat.Token("razorpay-key", "Razorpay key", ["rzp_live_", "rzp_test_"], "alnum 14"),
        NearName.Of("razorpay-secret", "Razorpay secret", ["razorpay"], ["alnum 24"], "RAZORPAY_KEY_SECRET"),
        TokenFormat.Token("flutterwave-key", "Flutterwave secret key", ["FLWSECK-", "FLWSECK_TEST-"], "alnum 32 '-X'"),
        NearName.Of("coinbase-secret", "Coinbase secret", ["coinbase"], ["alnum 64", "alnum 32", "base64 86 '=='"], "COINBASE_API_SECRET"),
        TokenFormat.Token("shopify-token", "Shopify token", ["shpat_", "shpca_", "shppa_", "shpss_", "shptka_", "shpua_"], "anyhex 32"),
        TokenFormat.Token("checkout-key", "Checkout.com secret key", ["sk_sbox_"], "lower 26-40"),
        TokenFormat.Token("checkout-uuid-key", "Checkout.com secret key of the old form", ["sk_test_", "sk_"], "uuid"),
        TokenFormat.Token("lob-key", "Lob key", ["live_", "test_"], "hex 35"),
        TokenFormat.Token("mollie-key", "Mollie key", ["live_", "test_"], "alnum 30"),
        TokenFormat.Token("gocardless-token", "GoCardless token", ["live_", "sandbox_"], "url 40"),
        TokenFormat.Token("mercadopago-token", "Mercado Pago token", ["APP_USR-", "TEST-"], "digits 13-16 '-' digits 6 '-' hex 32 '-' digits 6-10"),
        TokenFormat.Token("midtrans-key", "Midtrans server key", ["SB-Mid-server-", "Mid-server-"], "url 24"),
        TokenFormat.Token("xendit-key", "Xendit key", ["xnd_production_", "xnd_development_"], "alnum 50-70"),
        TokenFormat.Token("sumup-key", "SumUp key", ["sup_sk_"], "alnum 32"),
        TokenFormat.Token("paddle-key", "Paddle key", ["pdl_live_apikey_", "pdl_sdbx_apikey_"], "alnum 26 '_' alnum 22 '_' alnum 3"),
        TokenFormat.Token("polar-token", "Polar token", ["polar_oat_", "polar_pat_"], "alnum 40-50"),
        TokenFormat.Token("shippo-token", "Shippo token", ["shippo_live_", "shippo_test_"], "hex 40"),
        TokenFormat.Token("easypost-key", "EasyPost key", ["EZAK", "EZTK"], "alnum 54"),
        TokenFormat.Token("duffel-token", "Duffel token", ["duffel_live_", "duffel_test_"], "url= 43"),
        TokenFormat.Token("klaviyo-key", "Klaviyo private key", ["pk_"], "hex 34"),
    ];
}
