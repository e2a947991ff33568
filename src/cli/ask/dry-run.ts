import { explain, explanationText } from '../../report/index.js'
import { buildRuntime } from '../../server/index.js'
import type { Cli } from '../cli.js'
import { loadAsDaemon } from '../load-as-daemon.js'
import { loadForCli } from '../load-setup.js'
import { ledgerPath } from '../open-ledger.js'
import { packageVersion } from '../package-version.js'
import { paintFor, widthOf } from '../paint.js'
import { print, printJson } from '../say.js'
import { inboundOf, type Outgoing } from './line.js'
import type { AskOptions } from './request.js'

/** What would be done with a prompt: decided as a call would be, nothing sent and no call recorded. */
export async function dryRun(cli: Cli, outgoing: Outgoing, options: AskOptions): Promise<void> {
  const loaded = await (options.sandbox ? loadForCli(cli, { sandbox: true }) : loadAsDaemon(cli))
  const db = await ledgerPath(cli, loaded.config)
  const runtime = await buildRuntime(loaded, { db, env: cli.io.env, appVersion: packageVersion() })
  try {
    const call = runtime.router.consider(inboundOf(outgoing))
    const planned = {
      id: null,
      startedAt: new Date(call.input.atMs).toISOString(),
      status: 'planned',
      client: call.client,
      profile: call.policy.name,
      requestedModel: call.request.model,
      mode: call.input.mode,
      model: null,
      task: call.signals.task,
      complexity: call.signals.complexity,
      difficulty: call.signals.difficulty.p,
      stream: call.request.stream,
      baseline: call.baseline,
    }
    const explanation = explain(planned, call)
    if (cli.globals().json) return await printJson(cli, explanation)
    return await print(
      cli,
      `Would ask ${explanation.chosen ?? 'no model'}. Nothing was sent.\n${explanationText(explanation, paintFor(cli.io), widthOf(cli.io))}`,
    )
  } finally {
    await runtime.close()
  }
}
