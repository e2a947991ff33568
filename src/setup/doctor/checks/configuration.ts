import { chatModels } from '../../../catalog/index.js'
import type { Pool } from '../../../config/index.js'
import { Fault } from '../../../kit/index.js'
import { judgeKey } from '../../judge-key.js'
import { type Check, error, type Found, note, ok, warning } from '../finding.js'

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

/** Keys that are set and look like keys; their values are never shown. */
export const checkKeys: Check = async ({ pool }) => {
  if (pool instanceof Fault) return []
  return [...present(pool), ...absent(pool), ...pool.warnings.map((text) => warning(text))]
}

function present({ providers }: Pool): readonly Found[] {
  return Object.values(providers)
    .filter(({ auth }) => auth === 'key')
    .map(({ id, credential, credentialSource }): Found => {
      const source = credentialSource ?? 'the configuration'
      const problem = judgeKey(id, credential() ?? '')
      if (problem === null) return ok(`${id}: from ${source}`)
      const text = `The key of ${id} from ${source} ${problem.text}.`
      const fix = `Put the right one into ${source === 'configuration' ? 'the configuration' : source}; \`llmroute doctor --live\` tries it.`
      return problem.degree === 'wrong' ? error(text, fix) : warning(text, fix)
    })
}

function absent({ missing }: Pool): readonly Found[] {
  return [...new Set(missing.map(({ provider }) => provider))].map((id) => {
    const models = missing.filter(({ provider }) => provider === id)
    return warning(
      `${id}: no key, so ${models.length === 1 ? 'one model is' : `${models.length} models are`} left out.`,
      `Set ${models[0]?.variables.join(' or ')}.`,
    )
  })
}
