import { findDaemon, type VerifierTerms, type VerifyOutcome, type VerifyTask, verifierTerms, verifyCall } from '../../control/index.js'
import { Fault, formatUsd, nanoFromUsd, newId, redactSecrets, usdFromNano } from '../../kit/index.js'
import type { Ledger } from '../../ledger/index.js'
import {
  type Alternative,
  type CallToCheck,
  checkedJson,
  correctEstimate,
  type Rerun,
  runSample,
  type SampleRun,
  type SimulateOptions,
  simulateChanges,
  simulationJson,
} from '../../simulate/index.js'
import type { Cli } from '../cli.js'
import { openRuntime } from '../load-as-daemon.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { lookOf } from '../paint.js'
import { progressBar } from '../progress-bar.js'
import { agreed } from '../questions.js'
import { print, printJson, remark } from '../say.js'
import { planVerification, type VerificationPlan } from './plan-verification.js'
import { showChecked, showPlan } from './show-verification.js'

/** Verifies one policy and prints the estimate before and after. Throws E_CANCELLED when interrupted, after printing what was done. */
export async function runVerification(cli: Cli, ledger: Ledger, policies: readonly Alternative[], request: VerifyRequest): Promise<void> {
  const [alternative, ...more] = policies
  if (alternative === undefined || more.length > 0)
    throw new Fault('E_USAGE', 'One policy at a time can be verified.', {
      hint: 'Name it, as in --preset economy --verify 200 --max-usd 2.',
    })
  const { changes, plan, done } = await verifyPolicy(cli, ledger, alternative, request)
  if (cli.globals().json) await printJson(cli, verificationJson({ changes, plan, done }, request.options))
  else if (done !== null) await print(cli, showChecked(changes, done.checked, { run: done.run, judge: plan.judge }, lookOf(cli.io)))
  if (cli.io.interrupted.aborted) throw new Fault('E_CANCELLED', 'Interrupted; what was asked is recorded and counted above.')
}

function verificationJson({ changes, plan, done }: Awaited<ReturnType<typeof verifyPolicy>>, { verify, maxUsd }: VerifyOptions) {
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

export interface VerifyOptions {
  /** Calls to ask again. */
  readonly verify: number
  readonly maxUsd: number
  readonly judge?: string
  readonly yes?: boolean
  readonly dryRun?: boolean
}

interface VerifyRequest {
  readonly range: SimulateOptions
  readonly options: VerifyOptions
  /** Called once the log has been read. */
  readonly replayed: () => void
}

/** Questions under way at once: providers allow for it, and a cap is soon near. */
const PARALLEL = 4
/** An answer may be so many times as long as predicted, and at least so long, before it is cut. */
const ROOM = 8
const LEAST_ROOM = 4096

/**
 * Checks one policy's simulation by asking a sample of its changed calls for real. Nothing is sent before the plan is shown and agreed to;
 * `done` is null when it is not.
 */
async function verifyPolicy(cli: Cli, ledger: Ledger, alternative: Alternative, { range, options, replayed }: VerifyRequest) {
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

/** A way to ask logged calls again: the daemon that has the same ledger, with its keys and budgets, or a router inside this process. */
interface OpenVerifier {
  readonly through: 'daemon' | 'process'
  terms(judge: string | null): Promise<VerifierTerms>
  run(task: VerifyTask): Promise<VerifyOutcome>
  close(): Promise<void>
}

async function openVerifier(cli: Cli): Promise<OpenVerifier> {
  // A daemon has its own configuration; `--config` requires that one.
  const daemon = cli.globals().config === undefined ? await findDaemon(await ledgerPath(cli)) : null
  if (daemon !== null) {
    return {
      through: 'daemon',
      terms: (judge) => verifierTerms(daemon, judge),
      run: (task) => verifyCall(daemon, task),
      close: async () => {},
    }
  }
  const runtime = await openRuntime(cli, await loadForCli(cli))
  return {
    through: 'process',
    terms: async (judge) => runtime.verifier.terms(judge),
    run: (task) => runtime.verifier.run(task),
    close: () => runtime.close(),
  }
}
