import { parseArgs } from 'node:util'

export interface SoakOptions {
  readonly minutes: number
  /** Calls a second. */
  readonly rate: number
  /** Share of the provider's answers that go wrong in some way. */
  readonly faults: number
  /** Share of the calls whose client goes away before the end. */
  readonly aborts: number
  /** Seconds between two changes of the configuration file; every fourth is one that cannot be used. */
  readonly reload: number
  /** Where the ledger and the log are kept afterwards; a temporary folder that is removed unless given. */
  readonly folder: string | null
}

export function readOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      rate: { type: 'string', default: '20' },
      faults: { type: 'string', default: '0.2' },
      aborts: { type: 'string', default: '0.1' },
      reload: { type: 'string', default: '15' },
      folder: { type: 'string' },
    },
  })
  const number = (name: 'minutes' | 'rate' | 'faults' | 'aborts' | 'reload'): number => {
    const value = Number(values[name])
    if (!(value >= 0)) throw new Error(`--${name} takes a number, not "${values[name]}"`)
    return value
  }
  return {
    minutes: number('minutes'),
    rate: number('rate'),
    faults: number('faults'),
    aborts: number('aborts'),
    reload: number('reload'),
    folder: values.folder ?? null,
  }
}
