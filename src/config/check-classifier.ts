import type { ModelRev } from '../catalog/index.js'
import { Fault } from '../kit/index.js'
import type { Config } from './schema/config.js'

const KINDS = { llm: 'chat', embeddings: 'embedding' } as const

/** Throws E_CONFIG for a classifier that cannot be asked: otherwise nobody would notice that it never is. */
export function checkClassifier(classifier: Config['classifier'], pool: readonly ModelRev[]): void {
  for (const key of ['llm', 'embeddings'] as const) {
    const id = classifier[key]?.model
    if (id === undefined || pool.some((model) => model.id === id && model.kind === KINDS[key])) continue
    const path = `classifier.${key}.model`
    throw new Fault('E_CONFIG', `${path}: found '${id}', expected a model of the pool whose kind is ${KINDS[key]}`, {
      param: path,
      hint: 'Add it to `models`, and set the key of its provider.',
    })
  }
}
