import type { IncomingMessage } from 'node:http'

/** An answer that the daemon gives itself, not a model's. */
export interface OwnAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export function json(value: unknown, headers: Readonly<Record<string, string>> = {}): OwnAnswer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value), headers }
}

/** The parameters behind the path. */
export function queryOf(req: IncomingMessage): URLSearchParams {
  return new URL(req.url ?? '/', 'http://localhost').searchParams
}
