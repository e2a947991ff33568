import { configReference } from './config-reference.js'

/** `docs/configuration.md`: where the configuration file is, and every setting, from the schema that validates it. */
export function configurationPage(): string {
  return `# Configuration

llmroute runs without a configuration. It looks for one in this order:

1. the file given with \`--config\`
2. \`router.config.ts\` (also \`.mts\`, \`.js\`, \`.mjs\`, \`.cjs\`, \`.json\`, \`.yaml\`, \`.yml\`) or a \`llmroute\` key of package.json, from the current folder up to the project's root
3. \`router.config.*\` in your own configuration folder (\`LLMROUTE_CONFIG_DIR\`, or the system's default)

\`\`\`sh
llmroute init --yes --dir my-router
cd my-router
llmroute config path
llmroute config check
llmroute config show
\`\`\`

For an invalid setting \`check\` prints its path, the value found and what was expected. It also warns about valid settings that are probably mistakes, such
as rules that can never match or models without a price. A running daemon reloads a changed file by itself; if the new file is invalid it keeps the last good one.

**Keys** come from the environment. For a known provider llmroute reads its usual variable (\`OPENAI_API_KEY\`, \`ANTHROPIC_API_KEY\`, \`GEMINI_API_KEY\` and so
on), or else the file \`keys.env\` in your configuration folder, which only you can read. \`apiKey\` takes \`'env:NAME'\`, \`{ command: ['op', 'read', '...'] }\`
for a secret manager, which is asked again when the provider refuses its key, or the key itself. \`auth: 'passthrough'\` forwards the client's own credential, only to that provider's own host and
format. The client pays the provider for such a call, so its cost is notional: the response has \`x-llmroute-cost-notional: true\`, and \`report\` shows it
separately from real spend and savings.

**Proxies**: requests to providers go through the proxy in \`HTTPS_PROXY\` or \`HTTP_PROXY\` (\`http://HOST:PORT\` or \`socks5://HOST:PORT\`), except to loopback and
to the names in \`NO_PROXY\`. \`NO_PROXY\` takes host names, \`.domain\` for all below it, and single addresses, but no ranges such as \`10.0.0.0/8\`. A certificate
authority of your own goes into \`NODE_EXTRA_CA_CERTS\`.

An example with the most common settings:

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

**Other providers** need a \`baseURL\`. A provider at the host of a known one, such as a second account, gets that provider's prices, formats and limits. For
other hosts set \`pricesOf\` and \`accepts\`. If the catalog does not know a model's \`name\`, it uses the model in its \`id\`, so an Azure deployment can have
any name:

\`\`\`ts
import { defineConfig } from 'llmroute'

const key = 'env:AZURE_OPENAI_API_KEY'

export default defineConfig({
  providers: {
    azure: { baseURL: 'https://NAME.openai.azure.com/openai/v1', apiKey: key, wires: ['openai-chat', 'openai-responses'], pricesOf: 'azure' },
    // The older addresses contain the deployment and a version, and take the key in a header.
    older: {
      baseURL: 'https://NAME.openai.azure.com/openai/deployments/our-gpt?api-version=2024-10-21',
      headers: { 'api-key': key },
      pricesOf: 'azure',
    },
  },
  models: [{ id: 'azure/gpt-5-mini', name: 'our-small-one' }, { id: 'older/gpt-4.1', name: 'our-gpt' }],
})
\`\`\`

[policy.md](policy.md) explains profiles, rules and budgets.

## Every setting

A duration is a number of milliseconds or \`'30s'\`, \`'5m'\`, \`'24h'\`, \`'90d'\`; a size is a number of bytes or \`'64MB'\`. Prices are USD per million tokens.
A path is relative to the folder of the configuration file; \`~/\` at its beginning is your home folder.
A profile takes what it does not set from the one that it \`extends\`, and otherwise the defaults below.

${configReference()}`
}
