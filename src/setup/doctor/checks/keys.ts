import type { Pool } from '../../../config/index.js'
import { Fault } from '../../../kit/index.js'
import { judgeKey } from '../../judge-key.js'
import { type Check, type Finding, findingsOf } from '../finding.js'

const { ok, warning, error } = findingsOf('keys')

/** Keys that are set and look like keys; their values are never shown. */
export const checkKeys: Check = async ({ pool }) => {
  if (pool instanceof Fault) return []
  return [...present(pool), ...absent(pool), ...pool.warnings.map((text) => warning(text))]
}

function present({ providers }: Pool): readonly Finding[] {
  return Object.values(providers)
    .filter(({ auth }) => auth === 'key')
    .map(({ id, credential, credentialSource }): Finding => {
      const source = credentialSource ?? 'the configuration'
      const problem = judgeKey(id, credential() ?? '')
      if (problem === null) return ok(`${id}: from ${source}`)
      const text = `The key of ${id} from ${source} ${problem.text}.`
      const fix = `Put the right one into ${source === 'configuration' ? 'the configuration' : source}; \`llmroute doctor --live\` tries it.`
      return problem.degree === 'wrong' ? error(text, fix) : warning(text, fix)
    })
}

function absent({ missing }: Pool): readonly Finding[] {
  return [...new Set(missing.map(({ provider }) => provider))].map((id) => {
    const models = missing.filter(({ provider }) => provider === id)
    return warning(
      `${id}: no key, so ${models.length === 1 ? 'one model is' : `${models.length} models are`} left out.`,
      `Set ${models[0]?.variables.join(' or ')}.`,
    )
  })
}
