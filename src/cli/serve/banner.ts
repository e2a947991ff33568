import { chatModels } from '../../catalog/index.js'
import { formatNumberOf } from '../../kit/quantity.js'
import type { Daemon } from '../../server/index.js'
import type { Io } from '../io.js'
import { paintFor } from '../paint.js'
import { packageVersion } from '../version.js'

/** What a new user needs to know next. */
export function banner({ url, runtime }: Daemon, io: Io): string {
  const paint = paintFor(io)
  const { defaultProfile } = runtime.setup()
  const pool = runtime.pool()
  const chat = chatModels(pool.models).map(({ id }) => id)
  const row = (name: string, value: string): string => `  ${paint.dim(name.padEnd(9))} ${value}`
  // Under `npm start` there is no llmroute on the path yet.
  const llmroute = io.env.npm_lifecycle_event === 'start' ? 'node bin/llmroute' : 'llmroute'
  const warnings = [
    ...pool.warnings,
    ...pool.missing.map(({ id, variables }) => `${id} is left out: set ${variables.join(' or ')} to use it.`),
    ...(runtime.interrupted.length === 0
      ? []
      : [`${formatNumberOf(runtime.interrupted.length, 'call')} of an earlier run cut off, recorded as interrupted.`]),
  ]
  return [
    `${paint.bold(`llmroute ${packageVersion()}`)} is listening.${pool.sandbox ? paint.yellow(' Its models are simulated: no answer is real.') : ''}`,
    '',
    row('Base URL', `${paint.cyan(`${url}/v1`)} for OpenAI clients, ${url} for Anthropic and Gemini clients`),
    row('Pool', `${chat.join(', ')} (${pool.origin})`),
    row('Profile', `${defaultProfile}; ask for the model "auto", or "auto:economy" and so on for another`),
    row('Ledger', runtime.db),
    row('Config', runtime.loaded().path ?? 'none, defaults apply'),
    ...warnings.map((warning) => row('Note', paint.yellow(warning))),
    '',
    'Try next, in another terminal:',
    `  ${llmroute} ask "Name three primes."`,
    `  ${llmroute} connect claude-code`,
    `  ${llmroute} monitor`,
  ].join('\n')
}
