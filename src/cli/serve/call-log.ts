import { asFault, formatMs, formatTimeOfDay, formatUsd, redactSecrets } from '../../kit/index.js'
import { promptTokensOf } from '../../ledger/index.js'
import type { SettledCall } from '../../route/index.js'
import type { Io } from '../io.js'
import { printable } from '../say.js'

/** Lines are gathered this long: one write for many calls. */
const GATHER_MS = 200

/** What a serving process prints while it serves: readable lines on a terminal, JSON Lines otherwise. */
export function openCallLog({ stderr }: Io) {
  const human = stderr.isTTY === true
  let pending = ''
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (pending !== '') stderr.write(pending)
    pending = ''
  }
  const add = (line: string): void => {
    pending += `${line}\n`
    timer ??= setTimeout(flush, GATHER_MS).unref()
  }
  const say = (level: 'info' | 'error', text: string, more: Readonly<Record<string, unknown>>): void => {
    if (human) add(printable(`${formatTimeOfDay(Date.now())} ${text}`))
    else add(JSON.stringify({ time: new Date().toISOString(), level, message: text, ...more }))
  }
  return {
    settled: (settled: SettledCall) => add(human ? printable(forPeople(settled)) : forPrograms(settled)),
    failed: (error: unknown, call: string | null) => {
      const { code, message } = asFault(error)
      say('error', redactSecrets(message), { code, ...(call === null ? {} : { call }) })
    },
    note: (text: string) => say('info', text, {}),
    close: flush,
  }
}

function forPeople({ call, row }: SettledCall): string {
  const how = row.error === null ? '' : ` ${row.status}: ${redactSecrets(row.error)}`
  return `${formatTimeOfDay(row.settledAtMs)} ${row.model ?? 'no model'} ${call.signals.task} ${formatUsd(row.costNano)} ${formatMs(row.latencyMs)}${how}`
}

/** Names follow OpenTelemetry's GenAI conventions where these have one. */
function forPrograms({ call, row, served }: SettledCall): string {
  return JSON.stringify({
    time: new Date(row.settledAtMs).toISOString(),
    level: row.status === 'error' ? 'error' : 'info',
    call: call.id,
    status: row.status,
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': row.model?.split('/')[0] ?? null,
    'gen_ai.conversation.id': call.session,
    'gen_ai.request.model': redactSecrets(call.request.model),
    'gen_ai.response.model': row.model,
    'gen_ai.usage.input_tokens': served === null ? null : promptTokensOf(served),
    'gen_ai.usage.cache_read.input_tokens': served?.cacheReadTokens ?? null,
    'gen_ai.usage.output_tokens': served?.outputTokens ?? null,
    client: call.client,
    task: call.signals.task,
    attempts: row.attempts.length,
    costUsd: row.costNano === null ? null : row.costNano / 1e9,
    latencyMs: row.latencyMs,
    ...(row.error === null ? {} : { 'error.type': row.error.split(':')[0], error: redactSecrets(row.error) }),
  })
}
