import { Fault, usdFromNano } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import { type Alternative, checkedJson, type SimulateOptions, simulationJson } from '../../simulate/index.js'
import type { Cli } from '../cli.js'
import { lookOf } from '../paint.js'
import { print, printJson } from '../say.js'
import { showChecked } from './show-verification.js'
import { type Verification, type VerifyOptions, verifyPolicy } from './verify-policy.js'

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
