import { Fault, usdFromNano } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { type Alternative, checkedJson, type SimulateOptions, simulationJson } from '../../simulate/index.js'
import type { Cli } from '../cli.js'
import { lookOf } from '../paint.js'
import { print, printJson } from '../say.js'
import { showChecked } from './show-verification.js'
import { type Verification, type VerifyOptions, verifyPolicy } from './verify-policy.js'

/** What `simulate --verify` is given on the command line. */
export type VerifyFlags = Partial<VerifyOptions> & {
  readonly from?: string
  readonly sweep?: boolean
  readonly suggest?: boolean
  readonly html?: string
}

/** The options of a verification, checked; null when none is asked for. Throws E_USAGE. */
export function verifyOptions(flags: VerifyFlags): VerifyOptions | null {
  const { verify, maxUsd, judge, yes, dryRun } = flags
  if (verify === undefined) {
    const given = Object.entries({ '--max-usd': maxUsd, '--judge': judge, '--yes': yes, '--dry-run': dryRun }).find(
      ([, v]) => v !== undefined,
    )
    if (given === undefined) return null
    throw new Fault('E_USAGE', `${given[0]} goes with --verify.`, {
      hint: 'Say how many calls to ask again, as in --verify 200 --max-usd 2.',
    })
  }
  const other = Object.entries({ '--from': flags.from, '--sweep': flags.sweep, '--suggest': flags.suggest, '--html': flags.html }).find(
    ([, v]) => v !== undefined,
  )
  if (other !== undefined)
    throw new Fault('E_USAGE', `--verify does not go with ${other[0]}.`, { hint: 'Verify one policy on the calls of the ledger itself.' })
  if (maxUsd === undefined) throw new Fault('E_USAGE', '--verify spends money.', { hint: 'Say how much it may be, as in --max-usd 2.' })
  return {
    verify,
    maxUsd,
    ...(judge === undefined ? {} : { judge }),
    ...(yes === undefined ? {} : { yes }),
    ...(dryRun === undefined ? {} : { dryRun }),
  }
}

/** Verifies one policy and prints the estimate before and after. Throws E_CANCELLED when interrupted, after printing what was done. */
export async function runVerification(
  cli: Cli,
  ledger: Ledger,
  policies: readonly Alternative[],
  { range, options, replayed }: { readonly range: SimulateOptions; readonly options: VerifyOptions; readonly replayed: () => void },
): Promise<void> {
  const [alternative, ...more] = policies
  if (alternative === undefined || more.length > 0)
    throw new Fault('E_USAGE', 'One policy at a time can be verified.', {
      hint: 'Name it, as in --preset economy --verify 200 --max-usd 2.',
    })
  const found = await verifyPolicy(cli, ledger, { alternative, range, options, replayed })
  if (cli.globals().json) await printJson(cli, verificationJson(found, options))
  else if (found.done !== null)
    await print(cli, showChecked(found.changes, found.done.checked, { run: found.done.run, judge: found.plan.judge }, lookOf(cli.io)))
  if (cli.io.interrupted.aborted) throw new Fault('E_CANCELLED', 'Interrupted; what was asked is recorded and counted above.')
}

function verificationJson({ changes, plan, done }: Verification, { verify, maxUsd }: VerifyOptions) {
  const { sample, judge, expected, left, withoutSettings } = plan
  return {
    ...simulationJson(changes.simulation),
    verification: {
      wanted: verify,
      planned: sample.order.length,
      expectedUsd: usdFromNano(Math.round(expected)),
      maxUsd,
      judge,
      left,
      withoutSettings,
      plan: sample.strata.map(({ name, members, drawn }) => ({ name, calls: members.length, drawn })),
      result: done === null ? null : { ...checkedJson(done.checked), stopped: done.run.stopped },
    },
  }
}
