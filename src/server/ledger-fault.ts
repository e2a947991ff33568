import type { LedgerState } from '../ledger/index.js'

/** What keeps records from the ledger, and where they wait meanwhile; null when nothing does. */
export function ledgerFault(state: LedgerState): string | null {
  if (state.kind === 'ledger') return null
  const where = state.path === null ? 'memory' : state.path
  return `${state.fault.message}; ${state.waiting} records wait in ${where}${state.lost === 0 ? '' : `, ${state.lost} are lost`}`
}
