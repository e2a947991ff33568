import { Fault, formatUsd, nanoFromUsd, newId, redactSecrets } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import {
  type Alternative,
  type CallToCheck,
  type Checked,
  correctEstimate,
  type Rerun,
  runSample,
  type SampleRun,
  type SimulatedChanges,
  type SimulateOptions,
  simulateChanges,
} from '../../simulate/index.js'
import { agreed } from '../agreed.js'
import type { Cli } from '../cli.js'
import { lookOf } from '../paint.js'
import { progressBar } from '../progress-bar.js'
import { remark } from '../say.js'
import { type OpenVerifier, openVerifier } from './open-verifier.js'
import { planVerification, type VerificationPlan } from './plan-verification.js'
import { showPlan } from './show-verification.js'

export interface VerifyOptions {
  /** Calls to ask again. */
  readonly verify: number
  readonly maxUsd: number
  readonly judge?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}

interface VerifyRequest {
  readonly alternative: Alternative
  readonly range: SimulateOptions
  readonly options: VerifyOptions
  /** Called once the log has been read. */
  readonly replayed: () => void
}

export interface Verification {
  readonly changes: SimulatedChanges
  readonly plan: VerificationPlan
  /** Null when only the plan was requested, or nobody confirmed. */
  readonly done: { readonly checked: Checked; readonly run: SampleRun } | null
}

/** Questions under way at once: providers allow for it, and a cap is soon near. */
const PARALLEL = 4
/** An answer may be so many times as long as predicted, and at least so long, before it is cut. */
const ROOM = 8
const LEAST_ROOM = 4096

/** Checks one policy's simulation by asking a sample of its changed calls for real. Nothing is sent before the plan is shown and agreed to. */
export async function verifyPolicy(
  cli: Cli,
  ledger: Ledger,
  { alternative, range, options, replayed }: VerifyRequest,
): Promise<Verification> {
  const changes = simulateChanges(ledger, alternative, range)
  replayed()
  const verifier = await openVerifier(cli)
  try {
    const cap = nanoFromUsd(options.maxUsd)
    const { models, judge } = await verifier.terms(options.judge ?? null)
    const plan = planVerification(ledger, changes, { wanted: options.verify, cap, models, judge })
    if (!cli.globals().json) remark(cli, showPlan(changes, plan, { cap, wanted: options.verify }, lookOf(cli.io)))
    const question = `Ask ${plan.sample.order.length} calls again through ${verifier.through === 'daemon' ? 'the daemon' : 'this process'}, for at most ${formatUsd(cap)}?`
    if (options.dryRun === true || !(options.yes === true || (await agreed(cli, question)))) return { changes, plan, done: null }
    const run = await askSample(cli, verifier, plan, cap)
    return { changes, plan, done: { run, checked: correctEstimate(changes.simulation, changes, plan.sample, run.ran, changes.behaviour) } }
  } finally {
    await verifier.close()
  }
}

async function askSample(cli: Cli, verifier: OpenVerifier, plan: VerificationPlan, cap: number): Promise<SampleRun> {
  const { interrupted } = cli.io
  const { sample, judge } = plan
  // The day in its name lets the ledger forget it like any other budget of a day.
  const scope = `verify:${newId()}@${new Date().toISOString().slice(0, 10)}`
  const bar = progressBar(cli)
  let [done, spent] = [0, 0]
  const note = (): void => {
    if (cli.io.stderr.isTTY === true) remark(cli, 'Waiting for what is under way; interrupt again to leave at once.')
  }
  interrupted.addEventListener('abort', note)
  try {
    return await runSample(sample, ({ call }) => verifier.run({ ...taskOf(call), judge, scope, cap }) as Promise<Rerun>, {
      parallel: PARALLEL,
      signal: interrupted,
      onDone({ result }) {
        spent += result.costNano ?? 0
        bar.show(++done / sample.order.length, `${done} of ${sample.order.length} asked, ${formatUsd(spent)} spent`)
      },
    })
  } catch (error) {
    throw error instanceof Fault ? error : new Fault('E_UPSTREAM', redactSecrets(String(error)))
  } finally {
    interrupted.removeEventListener('abort', note)
    bar.end()
  }
}

function taskOf({ id, entries, to, referenceTokens, answerTokens }: CallToCheck) {
  const maxOutput = Math.max(LEAST_ROOM, Math.ceil(ROOM * answerTokens))
  return { call: id, entries, model: to, inputTokens: Math.ceil(referenceTokens), maxOutput }
}
