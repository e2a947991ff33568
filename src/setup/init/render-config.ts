import type { KnownProvider, ModelRev } from '../../catalog/index.js'
import { usdPerMTok } from '../../kit/index.js'
import type { Proposal } from './propose.js'

/** A configuration file for people to read on: every choice with its reason, what else there is as comments. */
export function renderConfig(proposal: Proposal, day: string): string {
  const { providers, models, baseline, profile, aliases } = proposal
  return `import { defineConfig } from 'llmroute'

/**
 * Written by \`llmroute init\` on ${day}. \`llmroute config check\` says whether it is valid and what it gives,
 * \`llmroute doctor\` whether it works. A running daemon reads changes by itself.
 */
export default defineConfig({
  server: { port: 4141 },

${providers.length === 0 ? NO_PROVIDER : `${providersBlock(providers)}\n${modelsBlock(models)}${baselineLine(baseline)}`}
  // Profile of a call that names none. Ready-made: economy, balanced, quality, fast; support, code, chat, data, content.
  default: ${quote(profile)},

  // Profiles of your own, asked for as the model "auto:NAME".
  // profiles: {
  //   tests: { strategy: 'cheapest', minQuality: 0.8 },
  //   big: { extends: 'code', rules: [{ when: { difficulty: { gt: 0.7 } }, use: ${quote(baseline ?? 'openai/gpt-5')} }] },
  // },
${aliasesBlock(aliases)}
  // Spending limits; the action at the limit is clamp, downgrade or block.
  // budgets: [{ scope: 'total', limit: '5/day', action: 'clamp' }],

  // What is kept of calls. bodies: 'none' keeps no prompts and no answers.
  // ledger: { keep: '90d', bodies: 'all' },
})
`
}

const NO_PROVIDER = `  // No key was found. Set OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY or another, or start Ollama or LM Studio, and run
  // \`llmroute init --force\` again. Until then simulated models answer, labelled as such; remove this line once you have a key.
  sandbox: 'when-no-keys',
`

function providersBlock(providers: readonly KnownProvider[]): string {
  const lines = providers.map(
    ({ id, env, local, baseURL }) => `    ${key(id)}: {}, // ${local ? `on this machine, ${baseURL}` : `key from ${env.join(' or ')}`}\n`,
  )
  return `  // Who serves models. Keys come from the environment or from keys.env in the folder that \`llmroute config path --json\` names.
  providers: {
${lines.join('')}  },
`
}

function modelsBlock(models: readonly ModelRev[]): string {
  if (models.length === 0)
    return `  // The pool: the ready-made choice of each provider, until you name models here.
  // models: [],
`
  const width = Math.max(...models.map(({ id }) => id.length))
  const lines = models.map((model) => `    ${quote(model.id)},${' '.repeat(width - model.id.length)} // ${about(model)}\n`)
  return `  // The pool that is chosen from. Prices are USD per million tokens in and out, as listed when this was written.
  models: [
${lines.join('')}  ],
`
}

function baselineLine(baseline: string | null): string {
  return baseline === null
    ? ''
    : `
  // What savings are measured against: the model you would use for everything without a router.
  baseline: ${quote(baseline)},
`
}

function aliasesBlock(aliases: Readonly<Record<string, string>>): string {
  const entries = Object.entries(aliases)
  if (entries.length === 0) return `\n  // Other names that your programs ask for.\n  // aliases: { 'gpt-4o': 'auto' },\n`
  const lines = entries.map(([name, target]) => `    ${quote(name)}: ${quote(target)},\n`)
  return `\n  // Names that programs on this machine ask for by themselves.\n  aliases: {\n${lines.join('')}  },\n`
}

export function about({ rates, kind, contextWindow }: ModelRev): string {
  const [input, output] = [usdPerMTok(rates?.input ?? null), usdPerMTok(rates?.output ?? null)]
  const price =
    input === 0 && output === 0 ? 'free' : input === null ? 'unpriced' : `${usd(input)} in${output ? `, ${usd(output)} out` : ''}`
  return [price, ...(contextWindow === null ? [] : [`${size(contextWindow)} context`]), ...(kind === 'chat' ? [] : [kind])].join(', ')
}

/** Cents at least; more digits only where they say something. */
function usd(amount: number): string {
  return `$${amount.toFixed(Math.max(2, String(amount).split('.')[1]?.length ?? 0))}`
}

function size(tokens: number): string {
  return tokens < 1e6 ? `${Math.round(tokens / 1000)}k` : `${Number((tokens / 1e6).toFixed(2))}M`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function key(id: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(id) ? id : quote(id)
}
