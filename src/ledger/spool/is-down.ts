import { Fault } from '../../kit/index.js'

/** The file, not the record, is what is wrong: another time it may work. */
export function isDown(error: unknown): boolean {
  return error instanceof Fault && error.code === 'E_LEDGER'
}
