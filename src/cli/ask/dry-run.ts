import { type CallView, explain, explanationText } from '../../report/index.js'
import type { DecidedCall } from '../../route/index.js'
import type { Cli } from '../cli.js'
import { loadAsDaemon, openRuntime } from '../load-as-daemon.js'
import { loadForCli } from '../load-setup.js'
import { lookOf } from '../paint.js'
import { answer } from '../say.js'
import { inboundOf, type Outgoing } from './line.js'
import type { AskOptions } from './request.js'

/** What would be done with a prompt: decided as a call would be, nothing sent and no call recorded. */
export async function dryRun(cli: Cli, outgoing: Outgoing, options: AskOptions): Promise<void> {
  const loaded = await (options.sandbox ? loadForCli(cli, { sandbox: true }) : loadAsDaemon(cli))
  const runtime = await openRuntime(cli, loaded)
  try {
    const call = runtime.router.consider(inboundOf(outgoing))
    const explanation = explain(planned(call), call)
    const said = () => `Would ask ${explanation.chosen ?? 'no model'}. Nothing was sent.\n${explanationText(explanation, lookOf(cli.io))}`
    return await answer(cli, explanation, said)
  } finally {
    await runtime.close()
  }
}

/** The call as a listing would show it; values known only after sending are unknown. */
function planned({ input, plan, signals, request, ...call }: DecidedCall): Readonly<Record<keyof CallView, unknown>> {
  return {
    id: null,
    startedAt: new Date(input.atMs).toISOString(),
    status: 'planned',
    client: call.client,
    sessionId: call.session,
    turn: input.endogenous.turn + 1,
    profile: call.policy.name,
    requestedModel: request.model,
    mode: input.mode,
    chosen: plan.chain > 0 ? (plan.steps[0]?.model ?? null) : null,
    model: null,
    task: signals.task,
    complexity: signals.complexity,
    difficulty: signals.difficulty.p,
    stream: request.stream,
    attempts: 0,
    inputTokens: null,
    cachedInputTokens: null,
    cacheWriteTokens: null,
    outputTokens: null,
    reasoningTokens: null,
    costUsd: null,
    baseline: call.baseline,
    baselineCostUsd: null,
    ttftMs: null,
    latencyMs: null,
    rule: plan.rule,
    reason: plan.reason,
    tags: input.tags,
    source: null,
    error: null,
    costNotional: false,
  }
}
