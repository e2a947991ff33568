import type { FaultCode } from '../kit/fault.js'

/** Exit codes: 0 done, 1 failed, 2 wrong usage or invalid configuration, 3 nothing to work on, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 3 | 130

export function exitCodeOf(code: FaultCode): ExitCode {
  switch (code) {
    case 'E_USAGE':
    case 'E_CONFIG':
    // A model or profile that was named on the command line and does not exist.
    case 'E_UNKNOWN_MODEL':
      return 2
    case 'E_EMPTY':
      return 3
    case 'E_CANCELLED':
      return 130
    default:
      return 1
  }
}
