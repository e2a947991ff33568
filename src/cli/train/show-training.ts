import { formatExactly, table } from '../../kit/index.js'
import type { Cli } from '../cli.js'
import { lookOf } from '../paint.js'
import type { Training } from './training.js'

/** A training in JSON, without the weights themselves. */
export function trainingJson(training: Training, replaced: boolean, weights: string | null): unknown {
  const { bytes: _, gains, difficulties, ...rest } = training
  return {
    ...rest,
    replaced,
    weights,
    gainSets: gains.map(({ set, n, apgr, interval: [low, high], length }) => ({ set, n, apgr, low, high, length })),
    difficultySets: difficulties.map(({ bins: _bins, ...d }) => d),
  }
}

export function trainingText({ gains, difficulties, ...t }: Training, replaced: boolean, weights: string | null, cli: Cli): string {
  const look = lookOf(cli.io)
  const { dim } = look.paint
  const fixed = (x: number): string => x.toFixed(3)
  const what =
    t.sessions === null ? formatExactly(t.rows, 'question') : `${formatExactly(t.rows, 'call')} in ${formatExactly(t.sessions, 'session')}`
  const lines = [
    t.method === 'anew' ? `Fitted anew on ${what}.` : `Fitted a correction of the present weights on ${what}.`,
    `Held out: log loss ${fixed(t.before)} before, ${fixed(t.after)} after; gain ${fixed(t.gain)}, standard error ${fixed(t.gainSe)}.`,
  ]
  if (gains.length > 0)
    lines.push(
      '',
      dim('How well "gain" ranks questions (APGR, out of fold; random 0.500)'),
      table(gains, look, [
        { head: 'SET', flexible: true, cell: (g) => g.set },
        { head: 'N', leave: 3, cell: (g) => String(g.n) },
        { head: 'GAIN', cell: (g) => fixed(g.apgr) },
        { head: '95% INTERVAL', leave: 1, cell: (g) => `${fixed(g.interval[0])} to ${fixed(g.interval[1])}` },
        { head: 'LENGTH', leave: 2, cell: (g) => fixed(g.length) },
      ]),
      '',
      dim('How well "difficulty" tells failures of cheap models'),
      table(difficulties, look, [
        { head: 'SET', flexible: true, cell: (d) => d.set },
        { head: 'N', leave: 3, cell: (d) => String(d.n) },
        { head: 'AUC', cell: (d) => fixed(d.auc) },
        { head: 'BRIER', leave: 2, cell: (d) => fixed(d.brier) },
        { head: 'ECE', leave: 1, cell: (d) => fixed(d.ece) },
      ]),
      '',
    )
  lines.push(t.reason)
  if (replaced) lines.push(`They are in use from now on. \`llmroute train --undo\` brings the old ones back.`)
  if (weights !== null) lines.push(dim(weights))
  return lines.join('\n')
}
