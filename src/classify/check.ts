import type { ToolResultPart } from '../canonical/index.js'

export type CheckVerdict = 'passed' | 'failed' | null

const FAILED =
  /\b[1-9]\d* (?:tests? )?(?:failed|failing|failures?)(?![-.\w])|\b(?:failures|errors)[:=] ?[1-9]|^(?:FAIL|FAILED|not ok)\b|\bBUILD FAILED\b|\bTests? failed\b|\berror TS\d+|\bnpm ERR!|Traceback \(most recent call last\)|\berror\[E\d+\]|\bpanicked at\b|\bSyntaxError\b|\bcompilation (?:error|failed)|\b[1-9]\d* errors?\b(?! in 0)/im
const PASSED =
  /\b[1-9]\d* (?:tests? )?(?:passed|passing)\b|\ball (?:\d+ )?tests? pass(?:ed)?\b|\bBUILD SUCCESS|\btest result: ok\b|^ok\s+\S+|\bFound 0 errors\b|\b0 errors\b|^OK \(\d+ tests?/im
/** Words without which neither pattern can match: looking for them costs a fraction of trying the patterns. */
const FAILED_WORD = /fail|error|npm err!|not ok|traceback|panicked/i
const PASSED_WORD = /pass|success|0 errors|ok/i
const ERROR = /^\s*(?:<tool_use_error>|error:|error -|exception|failed to |command failed|permission denied|no such file)/i
const EXIT = /exit(?:ed)?(?: with)?(?: code| status)?[:= ]+([1-9]\d*)/i

/** The evidence in a tool's result. */
interface Shown {
  readonly verdict: CheckVerdict
  readonly failed: boolean
}

/** The same results come again with every turn of their loop. */
const shown = new WeakMap<ToolResultPart, Shown>()
/** Verdicts are at the edges, and logs are long: characters read of either edge. */
const EDGE = 2000

/** A test run's or build's verdict in a tool result; null when it shows neither. */
export function readCheck(result: ToolResultPart): CheckVerdict {
  return shownBy(result).verdict
}

/** True when the tool itself failed: flagged by the client, or an error line or a nonzero exit at its edges. */
export function reportsError(result: ToolResultPart): boolean {
  return result.isError === true || shownBy(result).failed
}

function shownBy(result: ToolResultPart): Shown {
  const known = shown.get(result)
  if (known !== undefined) return known
  const found = readResult(resultText(result))
  shown.set(result, found)
  return found
}

function readResult(whole: string): Shown {
  const text = edges(whole)
  return {
    verdict: FAILED_WORD.test(text) && FAILED.test(text) ? 'failed' : PASSED_WORD.test(text) && PASSED.test(text) ? 'passed' : null,
    failed: ERROR.test(text) || EXIT.test(text.slice(-200)) || EXIT.test(text.slice(0, 120)),
  }
}

/** The result's text; of a long part only its edges, unless it is the only one. */
function resultText({ parts }: ToolResultPart): string {
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return texts.length === 1 ? texts[0]! : texts.map(edges).join('')
}

function edges(text: string): string {
  return text.length > 2 * EDGE ? `${text.slice(0, EDGE)}\n${text.slice(-EDGE)}` : text
}
