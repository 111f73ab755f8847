namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Mail. One line a format.</summary>
internal static class MailTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("sendgrid-key", "SendGrid key", ["SG."], "url 22 '.' url 43"),
        TokenFormat.Token("mailgun-key", "Mailgun key", ["key-"], "hex 32"),
        NearName.Of("mailgun-new-key", "Mailgun key of the new form", ["mailgun"], ["hex 32 '-' hex 8 '-' hex 8", "hex 32"], "MAILGUN_API_KEY"),
        NearName.Of("mandrill-key", "Mandrill key", ["mandrill"], ["url 22"], "MANDRILL_API_KEY"),
        TokenFormat.Token("mailchimp-transactional-key", "Mailchimp Transactional key", ["md-"], "url 22"),
        NearName.Of("postmark-token", "Postmark token", ["postmark"], ["uuid"], "POSTMARK_SERVER_TOKEN"),
        TokenFormat.Token("brevo-key", "Brevo key", ["xkeysib-", "xsmtpsib-"], "hex 64 '-' alnum 16"),
        NearName.Of("ses-smtp-password", "Amazon SES SMTP password", ["ses_smtp", "ses_pass", "ses-smtp", "smtp_pass", "email-smtp"], ["base64 44"], "SES_SMTP_PASSWORD"),
        TokenFormat.Token("resend-key", "Resend key", ["re_"], "alnum 8 '_' alnum 24"),
        NearName.Of("sparkpost-key", "SparkPost key", ["sparkpost"], ["hex 40"], "SPARKPOST_API_KEY"),
        TokenFormat.Token("mailersend-token", "MailerSend token", ["mlsn."], "hex 64"),
        NearName.Of("mailjet-key", "Mailjet key", ["mailjet"], ["hex 32"], "MAILJET_API_SECRET"),
        NearName.Of("mailtrap-token", "Mailtrap token", ["mailtrap"], ["hex 32"], "MAILTRAP_API_TOKEN"),
        TokenFormat.Token("hubspot-token", "HubSpot private app token", ["pat-na1-", "pat-na2-", "pat-eu1-", "pat-ap1-"], "uuid"),
        NearName.Of("hubspot-key", "HubSpot key", ["hubspot", "hapikey"], ["uuid"], "HUBSPOT_API_KEY"),
        NearName.Of("beamer-key", "Beamer key", ["beamer"], ["'b_' base64= 44"], "BEAMER_API_KEY"),
    ];
}
