import { quantile, spread } from '../statistics.mjs'

/** Times of single runs, milliseconds, over about `ms` after a warm-up; medians of `rounds` slices, so that their spread is told too. */
export function timeIt(run, { ms, rounds }) {
  const slice = Math.max(2, ms / rounds)
  const warmUntil = performance.now() + slice
  do run()
  while (performance.now() < warmUntil)
  const all = []
  const medians = []
  for (let round = 0; round < rounds; round++) {
    const times = []
    const until = performance.now() + slice
    do {
      const started = performance.now()
      run()
      times.push(performance.now() - started)
    } while (performance.now() < until)
    medians.push(quantile(times, 0.5))
    for (const one of times) all.push(one)
  }
  const { median: value, min, max } = spread(medians)
  return { value, min, max, p99: quantile(all, 0.99) }
}

/** The same as a row in microseconds, p99 beside it. */
export function microsecondRows(measure, { value, min, max, p99 }) {
  return [
    { measure: `${measure}, p50`, unit: 'us', value: value * 1000, min: min * 1000, max: max * 1000 },
    { measure: `${measure}, p99`, unit: 'us', value: p99 * 1000 },
  ]
}
