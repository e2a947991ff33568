import type { BatchPorts } from '../batch/index.js'
import { type Config, profileSettings } from '../config/index.js'
import type { SpoolingLedger } from '../ledger/index.js'
import { createRecentCalls, createShadowSpending, createSigners, type RouterPorts } from '../route/index.js'

/** The longest pause between two polls of a batch, in first pauses. */
const MOST_PAUSES = 30

interface BatchPortParts {
  readonly ports: RouterPorts
  readonly writer: SpoolingLedger
  readonly busy: () => number
  readonly config: () => Config
}

/** Lines are not conversations: none names an item of another's answer. */
const NO_ITEMS: BatchPorts['parts']['items'] = { remember() {}, recall: () => [] }

/** Jobs use the router's own ports. Signatures are remembered separately. */
export function batchPorts({ ports, writer, busy, config }: BatchPortParts): BatchPorts {
  const shadows = createShadowSpending(ports.shadowSpent)
  return {
    parts: { ...ports, signers: createSigners(), items: NO_ITEMS, recent: createRecentCalls(), shadows },
    store: () => writer.current()?.batch ?? null,
    attemptsOf: (call) => writer.current()?.attemptsOf(call) ?? [],
    settings() {
      const { batch, ledger } = config()
      const { poll, live, lines } = batch
      return { pollMs: poll, maxPollMs: poll * MOST_PAUSES, live, groupLines: lines, keepMs: ledger.keep }
    },
    expired: (profile) => profileSettings(config())[profile]?.expired ?? config().batch.expired,
    busy,
  }
}
