import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Fault } from '../kit/index.js'

/** A question and how models answered it; scores 0 to 1. */
export interface LabelledRow {
  readonly id: string
  readonly source: string
  readonly task: string
  readonly prompt: string
  readonly models: Readonly<Record<string, number>>
}

/** Reads JSON Lines of `{id, source, task, prompt, models: {name: {score}}}`, gzipped or not. */
export function readLabelledRows(paths: readonly string[]): readonly LabelledRow[] {
  return paths.flatMap((path) => {
    const lines = readText(path).split('\n')
    return lines.flatMap((line, i) => (line.trim() === '' ? [] : [parseRow(line, `${path}, line ${i + 1}`)]))
  })
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path)
    return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch (cause) {
    throw new Fault('E_USAGE', `${path} cannot be read.`, { hint: 'Give JSON Lines files, gzipped or not.', cause })
  }
}

function parseRow(line: string, where: string): LabelledRow {
  const bad = (cause?: unknown): Fault =>
    new Fault('E_UNPROCESSABLE', `${where} is not a labelled row.`, {
      hint: 'A row is {"id", "prompt", "models": {"<model>": {"score": 0..1}}}, with "source" and "task" if known.',
      cause,
    })
  try {
    const { id, source, task, prompt, models } = JSON.parse(line.trim()) as Record<string, unknown>
    if (typeof prompt !== 'string' || models === null || typeof models !== 'object') throw bad()
    const scores: Record<string, number> = {}
    for (const [model, result] of Object.entries(models as Record<string, { score?: unknown } | number>)) {
      const score = typeof result === 'number' ? result : result?.score
      if (typeof score === 'number' && score >= 0 && score <= 1) scores[model] = score
    }
    return {
      id: String(id ?? where),
      source: typeof source === 'string' ? source : 'own',
      task: typeof task === 'string' ? task : '',
      prompt,
      models: scores,
    }
  } catch (cause) {
    throw cause instanceof Fault ? cause : bad(cause)
  }
}
