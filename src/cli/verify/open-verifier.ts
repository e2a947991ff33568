import { findDaemon, type VerifierTerms, type VerifyOutcome, type VerifyTask, verifierTerms, verifyCall } from '../../control/index.js'
import type { Cli } from '../cli.js'
import { loadForCli, openRuntime } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'

/** A way to ask logged calls again: the daemon that has the same ledger, with its keys and budgets, or a router inside this process. */
export interface OpenVerifier {
  readonly through: 'daemon' | 'process'
  terms(judge: string | null): Promise<VerifierTerms>
  run(task: VerifyTask): Promise<VerifyOutcome>
  close(): Promise<void>
}

export async function openVerifier(cli: Cli): Promise<OpenVerifier> {
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
