import { asFault, newId } from '../../kit/index.js'
import { openLine } from '../ask/line.js'
import { readAnswer } from '../ask/read-answer.js'
import type { Cli } from '../cli.js'
import { oneLine } from '../say.js'
import { packageVersion } from '../version.js'

type Tried =
  | {
      readonly ok: true
      readonly model: string | null
      readonly simulated: boolean
      readonly text: string
      readonly latencyMs: number | null
    }
  | { readonly ok: false; readonly error: string }

interface Attempt {
  /** Configuration to use; the command's own by default. */
  readonly config?: string
  readonly model: string
  readonly maxTokens: number
}

/** The command as if it had been given this configuration. */
export function goingBy(cli: Cli, config: string): Cli {
  return { ...cli, globals: () => ({ ...cli.globals(), config }) }
}

/** One short request, recorded like any other. Never throws. */
export async function tryOut(cli: Cli, { config, model, maxTokens }: Attempt): Promise<Tried> {
  const line = await openLine(config === undefined ? cli : goingBy(cli, config), { sandbox: false }).catch(failed)
  if ('ok' in line) return line
  try {
    const body = { model, messages: [{ role: 'user', content: 'Reply with the one word: ready' }], max_tokens: maxTokens, stream: true }
    const headers = {
      'user-agent': `llmroute/${packageVersion()}`,
      'x-llmroute-include': 'metadata',
      // Another test is no turn of the same conversation, in which a repeated question counts against the answer before.
      'x-llmroute-session': `test-${newId()}`,
    }
    const answer = await readAnswer(await line.send({ body, headers }, cli.io.interrupted), async () => {})
    return { ok: true, model: answer.model, simulated: answer.simulated, text: oneLine(answer.text, 60), latencyMs: answer.latencyMs }
  } catch (error) {
    return failed(error)
  } finally {
    await line.close()
  }
}

function failed(error: unknown): Tried & { readonly ok: false } {
  const { message, hint } = asFault(error)
  return { ok: false, error: hint === undefined ? message : `${message}. ${hint}` }
}
