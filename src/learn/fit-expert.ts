import { BUCKETS, DENSE_SCALE, FEATURE_NAMES, type Kind, type Vectors } from '../classify/index.js'
import { type Labelled, moments, standardiseAll } from './design.js'
import type { Labels } from './labels.js'
import { meanAndSd } from './metrics.js'
import { type Block, denseBlock, type Fit, ridge } from './ridge.js'
import { fitTasks, type Tasks } from './tell-tasks.js'

const D = FEATURE_NAMES.length
/** Ridge penalty, a larger one for a gain that leans on the tasks, and the scale of the tasks' shares, by cross-validation. */
const LAMBDA = 0.001
const LAMBDA_OF_TASKS = 0.003
const TASKS_SCALE = 1.7
const ITERATIONS = 100
/** Kinds whose tasks differ by more than their words show. */
const HAVE_TASKS: ReadonlySet<Kind> = new Set(['contest', 'call'])
/** Share of a Japanese request's spread of gain that its hand-made prior gives. */
const PRIOR_SHARE = 0.35
const JAPANESE_PRIOR = FEATURE_NAMES.indexOf('ja_hand')

/** A kind's own ridges of gain and failure on dense features and hashed words; the gain of calls is read without words. */
export function fitExpert({ rows: all, design, labels }: Labelled, rows: Int32Array, kind: Kind, bag: Block): Vectors {
  if (rows.length === 0) return emptyExpert(kind)
  const { mu, sd } = moments(design, rows)
  const x = standardiseAll(design, mu, sd)
  const dense = denseBlock(x, D, DENSE_SCALE)
  const even = new Float64Array(rows.length).fill(1)
  const solve = (blocks: readonly Block[], value: (l: Labels, row: number) => number, lambda: number) =>
    ridge(
      blocks,
      rows,
      Float64Array.from(rows, (i) => value(labels[i]!, i)),
      even,
      lambda,
      ITERATIONS,
    )
  const named = Array.from(rows, (row) => ({ row, task: all[row]?.task ?? '', prompt: all[row]?.prompt ?? '' }))
  const tasks = HAVE_TASKS.has(kind) ? fitTasks(x, D, named) : null
  const words = kind === 'call' ? [] : [bag]
  // Shrunk to the hand-made prior: its share is taken off before the fit and given to the prior's own weight after it.
  const prior = kind === 'japanese' ? PRIOR_SHARE * meanAndSd(Array.from(rows, (i) => labels[i]!.gain)).sd : 0
  const shares = tasks === null ? [] : [denseBlock(tasks.shares, tasks.count, TASKS_SCALE)]
  const gain = solve(
    [dense, ...words, ...shares],
    (l, i) => l.gain - prior * x[i * D + JAPANESE_PRIOR]!,
    tasks === null ? LAMBDA : LAMBDA_OF_TASKS,
  )
  const fail = solve([dense, bag, ...shares], (l) => l.fail, LAMBDA)
  const gainWeights = Float32Array.from(gain.weights[0]!)
  gainWeights[JAPANESE_PRIOR]! += prior / DENSE_SCALE
  return {
    [`mu.${kind}`]: mu,
    [`sd.${kind}`]: sd,
    [`${kind}.gain`]: gainWeights,
    [`${kind}.fail`]: Float32Array.from(fail.weights[0]!),
    ...(words.length === 0 ? {} : { [`bag.${kind}.gain`]: Float32Array.from(gain.weights[1]!) }),
    [`bag.${kind}.fail`]: Float32Array.from(fail.weights[1]!),
    [`${kind}.scalars`]: Float32Array.from([gain.bias, fail.bias]),
    ...(tasks === null ? {} : taskVectors(kind, tasks, [gain, fail])),
  }
}

function taskVectors(kind: Kind, { weights, bias }: Tasks, heads: readonly Fit[]): Vectors {
  const worth = heads.flatMap((head) => Array.from(head.weights.at(-1)!, (w) => TASKS_SCALE * w))
  return {
    [`${kind}.tasks`]: weights,
    [`${kind}.tasks.scalars`]: Float32Array.from([...bias, ...worth]),
  }
}

function emptyExpert(kind: Kind): Vectors {
  return {
    [`mu.${kind}`]: new Float32Array(D),
    [`sd.${kind}`]: new Float32Array(D).fill(1),
    [`${kind}.gain`]: new Float32Array(D),
    [`${kind}.fail`]: new Float32Array(D),
    [`bag.${kind}.fail`]: new Float32Array(BUCKETS),
    [`${kind}.scalars`]: new Float32Array(2),
  }
}
