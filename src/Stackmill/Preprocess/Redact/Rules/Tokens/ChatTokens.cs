namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Chat, telephony and hooks that post to them. One line a format.</summary>
internal static class ChatTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("slack-token", "Slack token", ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxc-", "xoxo-", "xoxe-", "xoxe.xoxp-", "xoxe.xoxb-", "xapp-"], "url 20-255"),
        TokenFormat.Token("slack-cookie", "Slack session cookie", ["xoxd-"], "percent 60-400"),
        TokenFormat.Token("slack-webhook", "Slack incoming webhook", ["hooks.slack.com/services/"], "path 40-80", bodyOnly: true, body: "T" + Samples.Of(10, Samples.Upper) + "/B" + Samples.Of(10, Samples.Upper, 2) + "/" + Samples.Of(24)),
        TokenFormat.Token("slack-workflow-webhook", "Slack workflow webhook", ["hooks.slack.com/workflows/", "hooks.slack.com/triggers/"], "path 40-120", bodyOnly: true, body: "T" + Samples.Of(10, Samples.Upper) + "/" + Samples.Of(13, Samples.Digits) + "/" + Samples.Of(32)),
        TokenFormat.Token("discord-webhook", "Discord webhook", ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"], "digits 17-20 '/' url 60-80", bodyOnly: true),
        NearName.Of("discord-client-secret", "Discord client secret", ["discord"], ["url 32"], "DISCORD_CLIENT_SECRET"),
        TokenFormat.Token("teams-webhook", "Microsoft Teams webhook", ["webhook.office.com/webhookb2/", "outlook.office.com/webhook/"], "uuid '@' uuid '/IncomingWebhook/' hex 32 '/' uuid", bodyOnly: true),
        NearName.Of("mattermost-token", "Mattermost token", ["mattermost"], ["lower 26"], "MATTERMOST_TOKEN"),
        NearName.Of("rocketchat-token", "Rocket.Chat token", ["rocketchat", "rocket_chat"], ["url 43"], "ROCKETCHAT_TOKEN"),
        NearName.Of("twitch-secret", "Twitch client secret or token", ["twitch"], ["lower 30"], "TWITCH_CLIENT_SECRET"),
        TokenFormat.Token("twitch-chat-token", "Twitch chat token", ["oauth:"], "lower 30", bodyOnly: true),
        NearName.Of("line-token", "LINE channel token", ["line_channel", "line_access", "linebot"], ["base64 160-180 '='", "hex 32"], "LINE_CHANNEL_ACCESS_TOKEN"),
        TokenFormat.Token("twilio-key", "Twilio API key", ["SK0", "SK1", "SK2", "SK3", "SK4", "SK5", "SK6", "SK7", "SK8", "SK9", "SKa", "SKb", "SKc", "SKd", "SKe", "SKf"], "hex 31"),
        NearName.Of("twilio-auth-token", "Twilio auth token", ["twilio"], ["hex 32"], "TWILIO_AUTH_TOKEN"),
        NearName.Of("vonage-secret", "Vonage (Nexmo) secret", ["nexmo", "vonage"], ["alnum 16"], "NEXMO_API_SECRET"),
        NearName.Of("messagebird-key", "MessageBird key", ["messagebird"], ["alnum 25"], "MESSAGEBIRD_API_KEY"),
        NearName.Of("sendbird-token", "Sendbird token", ["sendbird"], ["hex 40"], "SENDBIRD_API_TOKEN"),
        TokenFormat.Token("intercom-token", "Intercom access token", ["dG9rO"], "base64= 50-60"),
        NearName.Of("intercom-secret", "Intercom secret", ["intercom"], ["url 60", "hex 40"], "INTERCOM_ACCESS_TOKEN"),
        NearName.Of("zendesk-token", "Zendesk token", ["zendesk"], ["alnum 40"], "ZENDESK_API_TOKEN"),
        NearName.Of("lark-secret", "Lark or Feishu app secret", ["lark_", "feishu", "larksuite"], ["alnum 32"], "LARK_APP_SECRET"),
        NearName.Of("telnyx-key", "Telnyx key", ["telnyx"], ["alnum 50-60"], "TELNYX_API_KEY"),
        TokenFormat.Token("telnyx-marked-key", "Telnyx key of the new form", ["KEY0"], "hex 28-32 '_' alnum 22"),
        TokenFormat.Token("webex-bot-token", "Webex token", ["webex."], "alnum 64 '_' alnum 4 '_' uuid"),
        NearName.Of("pushover-token", "Pushover token", ["pushover"], ["lower 30"], "PUSHOVER_TOKEN"),
        TokenFormat.Token("zapier-webhook", "Zapier webhook", ["hooks.zapier.com/hooks/catch"], "'/' digits 5-10 '/' lower 6-10", bodyOnly: true),
    ];
}
