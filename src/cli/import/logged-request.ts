import type { Request } from '../../canonical/index.js'
import type { HistoryCall, HistorySource } from '../../history/index.js'

/** `source` of a call that another tool logged. */
export function importedFrom(source: HistorySource): string {
  return `import:${source}`
}

/** The request as far as the log has it; an empty one for logs with figures only. */
export function requestOfLogged(call: HistoryCall): Request {
  return call.request ?? { format: call.format, model: call.model, messages: [], tools: [], sampling: {}, stream: false }
}
