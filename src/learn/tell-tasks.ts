import { hashText } from '../kit/index.js'
import { fitSoftmax, probabilities } from './softmax.js'

/** Penalty on the weights of standardised features, by cross-validation. */
const LAMBDA = 0.06
/** A task with fewer questions is not separated from the others. */
const FEWEST = 10
const FOLDS = 5

export type Tasks = NonNullable<ReturnType<typeof fitTasks>>

/** Classifies the tasks of one kind by its standardised features `x`; `named` are the rows with their task and prompt. */
export function fitTasks(x: Float32Array, columns: number, named: readonly TaskRow[]) {
  const names = [...new Set(named.map(({ task }) => task))].sort()
  const known = names.filter((name) => named.filter(({ task }) => task === name).length >= FEWEST)
  if (known.length < 2) return null
  const learned = named.filter(({ task }) => known.includes(task))
  /** Row by row of `x`: each task's probability. Out of fold for the rows that were learned from, as those of a new request are. */
  const shares = new Float32Array((x.length / columns) * known.length)
  const learn = (given: readonly TaskRow[]): ReturnType<typeof fitSoftmax> => {
    const label = given.map(({ task }) => known.indexOf(task))
    const rows = new Float32Array(given.length * columns)
    for (const [k, { row }] of given.entries()) rows.set(x.subarray(row * columns, (row + 1) * columns), k * columns)
    const size = known.map((_, k) => label.filter((l) => l === k).length)
    return fitSoftmax(
      rows,
      columns,
      label,
      known.length,
      LAMBDA,
      size.map((n) => (n * known.length) / given.length),
    )
  }
  const own = new Float64Array(known.length)
  for (let fold = 0; fold < FOLDS; fold++) {
    const held = ({ prompt }: TaskRow): boolean => hashText(prompt) % FOLDS === fold
    const model = learn(learned.filter((row) => !held(row)))
    for (const { row } of named.filter(held)) {
      probabilities(x, row * columns, columns, model.weights, model.bias, own)
      shares.set(own, row * known.length)
    }
  }
  const { weights, bias } = learn(learned)
  return { count: known.length, shares, weights: Float32Array.from(weights), bias: Float32Array.from(bias) }
}

interface TaskRow {
  readonly row: number
  readonly task: string
  readonly prompt: string
}
