import { isRecord } from './json.js'

/** True for an answer of success that is an error after all: some gateways and vendors answer 200 whatever happened. */
export function isErrorInside(body: unknown): boolean {
  if (!isRecord(body)) return false
  return (body.error !== undefined && body.error !== null) || isRefusal(body.base_resp) || isFailedChoice(body.choices)
}

/** MiniMax: `{ base_resp: { status_code, status_msg } }`, zero being success (platform.minimax.io/docs/api-reference/errorcode). */
export function isRefusal(base: unknown): base is Readonly<Record<string, unknown>> {
  return isRecord(base) && base.status_code !== undefined && base.status_code !== 0
}

/** OpenRouter puts what its provider said of a failure into the choice (openrouter.ai/docs/api/reference/errors-and-debugging). */
export function isFailedChoice(choices: unknown): choices is readonly [{ readonly error: Readonly<Record<string, unknown>> }] {
  if (!Array.isArray(choices)) return false
  const first: unknown = choices[0]
  return isRecord(first) && isRecord(first.error)
}
