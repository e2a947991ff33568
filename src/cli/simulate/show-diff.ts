import { formatCount, formatUsd, table } from '../../kit/index.js'
import type { ChangedCall, SessionShift, Simulation } from '../../simulate/index.js'
import type { Look } from '../paint.js'
import { signed } from './show-simulation.js'

/** Choices that change, biggest first, with both reasons; then those that get worse. */
export function showDiff({ movers, bySession }: Simulation, look: Look): string {
  const lines = (calls: readonly ChangedCall[]): readonly string[] =>
    calls
      .slice(0, 20)
      .flatMap((c) => [
        `${look.paint.dim(c.id)} ${c.task}: ${c.from ?? 'none'} → ${c.to ?? 'none'}, ${c.costChange > 0 ? '+' : ''}${formatUsd(c.costChange)}${c.qualityChange === null ? '' : `, quality ${signed(c.qualityChange)}`}`,
        `  was: ${c.reasonBefore}`,
        `  now: ${c.reasonAfter}`,
      ])
  if (movers.calls.length === 0) return 'No choice changes.'
  const worse = movers.worse.length === 0 ? [] : ['', look.paint.bold('Predicted quality falls most'), ...lines(movers.worse)]
  const sessions = bySession.length === 0 ? [] : ['', sessionTable(bySession.slice(0, 10), look)]
  return [look.paint.bold('Spend changes most'), ...lines(movers.calls), ...worse, ...sessions].join('\n')
}

function sessionTable(sessions: readonly SessionShift[], look: Look): string {
  return table<SessionShift>(sessions, look, [
    { head: 'SESSION', flexible: true, cell: (s) => s.session },
    { head: 'CALLS', align: 'right', cell: (s) => formatCount(s.calls) },
    { head: 'CHANGED', align: 'right', cell: (s) => formatCount(s.changed) },
    { head: 'SPEND', align: 'right', cell: (s) => formatUsd(s.actualCost) },
    { head: '→', align: 'right', cell: (s) => formatUsd(s.simulatedCost) },
  ])
}
