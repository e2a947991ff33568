import { NO_USAGE, type Usage } from '../../canonical/index.js'
import type { UsageTap } from '../codec.js'
import { isRecord, parseJson } from '../json.js'
import { readStreamFault } from '../openai-fault.js'
import { countAfter, skimText } from '../skim.js'
import { readStatus } from './status.js'
import { readUsage } from './usage.js'

/** Only the first events and the last hold a response. */
const MATTERS = /"response":\s*\{|event: error|"type":\s*"error"/

/** Usage of a relayed Responses stream: it stands in the last event. */
export function usageTap(): UsageTap {
  let usage: Usage = NO_USAGE
  const seen: UsageTap['seen'] = { done: false, outputChars: 0 }
  return {
    seen,
    usage: () => usage,
    skim(bytes) {
      const text = skimText(bytes)
      if (MATTERS.test(text)) return true
      seen.outputChars += countAfter(text, '"delta":')
      return false
    },
    see(event) {
      const value = parseJson(event.data)
      if (!isRecord(value)) return false
      if (typeof value.delta === 'string') seen.outputChars += value.delta.length
      if (value.type === 'error') seen.error = readStreamFault(isRecord(value.error) ? value.error : value)
      const { response } = value
      if (!isRecord(response)) return false
      if (typeof response.model === 'string') seen.model = response.model
      if (isRecord(response.usage)) usage = readUsage(response)
      if (isRecord(response.error)) seen.error = readStreamFault(response.error)
      if (value.type === 'response.completed' || value.type === 'response.incomplete' || value.type === 'response.failed') {
        seen.finish = readStatus(response, false).raw
        seen.done = true
      }
      return false
    },
  }
}
