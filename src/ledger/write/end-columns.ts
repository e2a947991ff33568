/** Columns of a call's row that its end fills. */
export const END_COLUMNS = [
  ...['seq_settled', 'settled_at', 'status', 'model', 'attempts', 'input_tokens', 'cache_read_tokens', 'cache_write_tokens'],
  ...['output_tokens', 'reasoning_tokens', 'cost_nano', 'baseline_cost_nano', 'shadow_cost_nano', 'ttft_ms', 'latency_ms'],
  ...['http_status', 'error', 'settled'],
] as const

export type EndColumns = readonly (number | string | Buffer | null)[]

/** Number of the name `running`. */
const RUNNING = 1

/** Their values until then. */
export const NOT_ENDED: EndColumns = [...[null, null, RUNNING, null, 0], ...Array<null>(12).fill(null), Buffer.of(0)]
