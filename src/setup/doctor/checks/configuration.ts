import { chatModels } from '../../../catalog/index.js'
import { Fault } from '../../../kit/index.js'
import { type Check, findingsOf } from '../finding.js'

const { ok, note, warning, error } = findingsOf('configuration')

export const checkConfiguration: Check = async ({ loaded, pool, doubts }) => {
  if (loaded instanceof Fault) return [error(loaded.message, loaded.hint ?? 'Run `llmroute config check`.')]
  const file = loaded.path ?? 'no file, defaults apply'
  if (pool instanceof Fault) return [error(`${file}: ${pool.message}`, pool.hint ?? null)]
  const chat = chatModels(pool.models)
  return [
    ok(`${file}: ${chat.length} chat ${chat.length === 1 ? 'model' : 'models'} (${pool.origin})`),
    ...(pool.sandbox ? [note('Answers are simulated.', 'Set a key such as OPENAI_API_KEY, or run `llmroute init`.')] : []),
    ...doubts.map(({ path, text }) => warning(`${path}: ${text}`, 'See `llmroute config check`.')),
  ]
}
