namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>Services of language models and what goes with them. One line a format.</summary>
internal static class AiTokens
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        TokenFormat.Token("openai-key", "OpenAI project, service or admin key", ["sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"], "url 40-220"),
        TokenFormat.Token("openai-legacy-key", "OpenAI key of the old form, and the like of other services (DeepSeek, Moonshot, Stability)", ["sk-"], "alnum 32-64"),
        TokenFormat.Token("openai-session", "OpenAI session", ["sess-"], "alnum 40"),
        TokenFormat.Token("anthropic-key", "Anthropic key", ["sk-ant-"], "url 60-160"),
        TokenFormat.Token("openrouter-key", "OpenRouter key", ["sk-or-v1-"], "hex 64"),
        TokenFormat.Token("langfuse-key", "Langfuse secret key", ["sk-lf-"], "uuid"),
        TokenFormat.Token("huggingface-token", "Hugging Face token", ["hf_", "api_org_"], "alnum 34-40"),
        TokenFormat.Token("replicate-token", "Replicate token", ["r8_"], "alnum 37"),
        TokenFormat.Token("groq-key", "Groq key", ["gsk_"], "alnum 50-56"),
        TokenFormat.Token("perplexity-key", "Perplexity key", ["pplx-"], "alnum 40-64"),
        TokenFormat.Token("xai-key", "xAI key", ["xai-"], "alnum 70-90"),
        NearName.Of("cohere-key", "Cohere key", ["cohere", "co_api"], ["alnum 40"], "COHERE_API_KEY"),
        NearName.Of("mistral-key", "Mistral key", ["mistral"], ["alnum 32"], "MISTRAL_API_KEY"),
        TokenFormat.Token("langsmith-key", "LangSmith key", ["lsv2_pt_", "lsv2_sk_"], "hex 32 '_' hex 10"),
        NearName.Of("wandb-key", "Weights & Biases key", ["wandb"], ["hex 40"], "WANDB_API_KEY"),
        TokenFormat.Token("pinecone-key", "Pinecone key", ["pcsk_"], "word 60-80"),
        NearName.Of("pinecone-old-key", "Pinecone key of the old form", ["pinecone"], ["uuid"], "PINECONE_API_KEY"),
        TokenFormat.Token("elevenlabs-key", "ElevenLabs key", ["sk_"], "hex 48"),
        NearName.Of("elevenlabs-old-key", "ElevenLabs key of the old form", ["elevenlabs", "eleven_", "xi-api", "xi_api"], ["hex 32"], "ELEVENLABS_API_KEY"),
        TokenFormat.Token("tavily-key", "Tavily key", ["tvly-", "tvly-dev-", "tvly-prod-"], "alnum 24-40"),
        TokenFormat.Token("firecrawl-key", "Firecrawl key", ["fc-"], "hex 32"),
        TokenFormat.Token("nvidia-key", "NVIDIA key", ["nvapi-"], "url 60-72"),
        TokenFormat.Token("together-key", "Together key", ["tgp_v1_"], "url 43"),
        NearName.Of("together-old-key", "Together key of the old form", ["together"], ["hex 64"], "TOGETHER_API_KEY"),
        TokenFormat.Token("fireworks-key", "Fireworks key", ["fw_"], "alnum 22-24"),
        TokenFormat.Token("cerebras-key", "Cerebras key", ["csk-"], "lower 48"),
        TokenFormat.Token("jina-key", "Jina key", ["jina_"], "word 60"),
        TokenFormat.Token("voyage-key", "Voyage key", ["pa-"], "url 43"),
        TokenFormat.Token("llamacloud-key", "LlamaCloud key", ["llx-"], "alnum 48"),
        TokenFormat.Token("e2b-key", "E2B key", ["e2b_"], "hex 40"),
        TokenFormat.Token("anyscale-key", "Anyscale key", ["esecret_"], "alnum 24-64"),
        NearName.Of("assemblyai-key", "AssemblyAI key", ["assemblyai", "aai_"], ["hex 32"], "ASSEMBLYAI_API_KEY"),
        NearName.Of("deepgram-key", "Deepgram key", ["deepgram"], ["hex 40"], "DEEPGRAM_API_KEY"),
        NearName.Of("serpapi-key", "SerpApi key", ["serpapi", "serp_api"], ["hex 64"], "SERPAPI_API_KEY"),
        TokenFormat.Token("apify-token", "Apify token", ["apify_api_"], "alnum 36"),
        NearName.Of("azure-openai-key", "Azure OpenAI key", ["azure_openai", "azureopenai", "cognitive"], ["hex 32"], "AZURE_OPENAI_API_KEY"),
        NearName.Of("clarifai-key", "Clarifai key", ["clarifai"], ["hex 32"], "CLARIFAI_PAT"),
    ];
}
