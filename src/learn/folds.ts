import { hashText } from '../kit/index.js'
import type { Labelled } from './design.js'
import type { Fold } from './out-of-fold.js'

/** `count` folds by a hash of the prompt that heads each near-duplicate cluster. */
export function foldsByHash({ rows }: Labelled, clusters: Int32Array, count = 5): readonly Fold[] {
  const fold = Array.from(clusters, (head) => hashText(normalise(rows[head]?.prompt ?? '')) % count)
  return Array.from({ length: count }, (_, f) => ({
    name: `fold ${f + 1}`,
    test: Int32Array.from(clusters.keys()).filter((i) => fold[i] === f),
  }))
}

function normalise(prompt: string): string {
  return prompt.toLowerCase().replace(/\s+/g, ' ').trim()
}
