import { configReference } from './config-reference.js'

/** `docs/configuration.md`: where a configuration stands and every setting of it, the latter from the schema that checks it. */
export function configurationPage(): string {
  return `# Configuration

llmroute runs without a configuration. One is found in this order:

1. the file given with \`--config\`
2. \`router.config.ts\` (also \`.mts\`, \`.js\`, \`.mjs\`, \`.cjs\`, \`.json\`, \`.yaml\`, \`.yml\`) or a \`llmroute\` key of package.json, from the current folder up to the project's root
3. \`router.config.*\` in your own configuration folder (\`LLMROUTE_CONFIG_DIR\`, else where the system keeps such things)

\`\`\`sh
llmroute init --yes --dir my-router
llmroute config path
llmroute config check
llmroute config show
\`\`\`

\`check\` names a wrong setting's path, what was found there and what was expected, and reports what is valid but probably not meant: rules that can
never match, models without a price. A running daemon reads a changed file again by itself and keeps the last good one when the new one is wrong.

**Keys** come from the environment. A known provider reads its usual variable (\`OPENAI_API_KEY\`, \`ANTHROPIC_API_KEY\`, \`GEMINI_API_KEY\` and so
on), else the file \`keys.env\` of your configuration folder, which only you may read. \`apiKey\` takes \`'env:NAME'\`, \`{ command: ['op', 'read', '...'] }\`
for a secret manager, or the key itself. \`auth: 'passthrough'\` sends the client's own credential on, to that provider's own host and format only;
what such a call costs is between the client and the provider, so its amounts are notional: the answer says \`x-llmroute-cost-notional: true\`,
and \`report\` shows them apart from what was spent and saved.

A configuration with a bit of everything:

\`\`\`ts
import { defineConfig } from 'llmroute'

export default defineConfig({
  server: { port: 4141 },
  providers: {
    openai: {},
    anthropic: {},
    ollama: { baseURL: 'http://127.0.0.1:11434/v1' },
    lab: { wire: 'anthropic-messages', baseURL: 'http://127.0.0.1:9100', apiKey: 'env:LAB_KEY' },
  },
  models: [
    'openai/gpt-5-mini',
    'anthropic/claude-sonnet-4.5',
    { id: 'ollama/qwen3:8b', price: { input: 0, output: 0 } },
    { id: 'lab/m1', name: 'name-sent-upstream', price: { input: 3, output: 15, cacheRead: 0.3 }, contextWindow: 200_000, quality: 0.8 },
  ],
  baseline: 'anthropic/claude-sonnet-4.5',
  default: 'balanced',
  aliases: { 'gpt-4o': 'auto' },
  profiles: {
    support: { weights: { cost: 0.55, quality: 0.25, latency: 0.2 }, budget: '5/day' },
    code: { strategy: 'cheapest', minQuality: 0.8, rules: [{ when: { tools: { gt: 5 } }, use: 'anthropic/claude-sonnet-4.5' }] },
  },
  ledger: { keep: '90d' },
})
\`\`\`

**Providers that are not in the list** need a \`baseURL\`. One at the host of a known provider, such as a second account, is treated as that provider:
its prices, formats and limits apply. Elsewhere \`pricesOf\` and \`accepts\` say what is known. A model whose \`name\` means nothing to the catalog is
taken for the one that its \`id\` names, so that an Azure deployment may be called what you like:

\`\`\`ts
const key = 'env:AZURE_OPENAI_API_KEY'
export default defineConfig({
  providers: {
    azure: { baseURL: 'https://NAME.openai.azure.com/openai/v1', apiKey: key, wires: ['openai-chat', 'openai-responses'], pricesOf: 'azure' },
    // The older addresses name the deployment and a version, and take the key in a header of their own.
    older: {
      baseURL: 'https://NAME.openai.azure.com/openai/deployments/our-gpt?api-version=2024-10-21',
      headers: { 'api-key': key },
      pricesOf: 'azure',
    },
  },
  models: [{ id: 'azure/gpt-5-mini', name: 'our-small-one' }, { id: 'older/gpt-4.1', name: 'our-gpt' }],
})
\`\`\`

[policy.md](policy.md) says what profiles, rules and budgets do.

## Every setting

A duration is a number of milliseconds or \`'30s'\`, \`'5m'\`, \`'24h'\`, \`'90d'\`; a size is a number of bytes or \`'64MB'\`. Prices are USD per million tokens.

${configReference()}`
}
