/** An answer that the daemon gives itself, not a model's. */
export interface OwnAnswer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export function json(value: unknown): OwnAnswer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) }
}
