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

/** One fold for each family of exam tasks, over all sources. */
export function foldsByFamily({ labels }: Labelled): readonly Fold[] {
  const families = [...new Set(labels.filter((l) => l.kind === 'exam').map((l) => l.family))].sort()
  return families.map((family) => ({
    name: family,
    test: pick(labels.length, (i) => labels[i]?.kind === 'exam' && labels[i]?.family === family),
  }))
}

/** `count` folds of whole subjects of one source. */
export function foldsBySubject({ rows }: Labelled, source: string, count = 6): readonly Fold[] {
  const subjects = [...new Set(rows.filter((r) => r.source === source).map((r) => r.task))].sort((a, b) => hashText(a) - hashText(b))
  return Array.from({ length: count }, (_, f) => {
    const own = new Set(subjects.filter((_s, i) => i % count === f))
    return { name: `subjects ${f + 1}`, test: pick(rows.length, (i) => rows[i]?.source === source && own.has(rows[i]?.task ?? '')) }
  }).filter((fold) => fold.test.length > 0)
}

export function foldOfSource({ rows }: Labelled, source: string): Fold {
  return { name: `without ${source}`, test: pick(rows.length, (i) => rows[i]?.source === source) }
}

function pick(n: number, keep: (i: number) => boolean): Int32Array {
  return Int32Array.from(Array.from({ length: n }, (_, i) => i).filter(keep))
}

function normalise(prompt: string): string {
  return prompt.toLowerCase().replace(/\s+/g, ' ').trim()
}
