import type { BatchPorts } from '../batch/index.js'
import { type Config, profileSettings } from '../config/index.js'
import type { SpoolingLedger } from '../ledger/index.js'
import { createRecentCalls, createShadowSpending, createSigners, type RouterPorts } from '../route/index.js'

/** The longest pause between two looks at a batch, in first pauses. */
const MOST_PAUSES = 30

export interface BatchPortParts {
  readonly ports: RouterPorts
  readonly writer: SpoolingLedger
  readonly busy: () => number
  readonly config: () => Config
}

/** Jobs are worked on with the router's own ports. How long a batch took says nothing of a model's speed, so nobody learns from that. */
export function batchPorts({ ports, writer, busy, config }: BatchPortParts): BatchPorts {
  const shadows = createShadowSpending(ports.shadowSpent)
  return {
    parts: { ...ports, signers: createSigners(), recent: createRecentCalls(), shadows },
    store: () => writer.current()?.batch ?? null,
    attemptsOf: (call) => writer.current()?.attemptsOf(call) ?? [],
    settings() {
      const { expect, poll, live, lines, expired } = config().batch
      return { expectMs: expect, pollMs: poll, maxPollMs: poll * MOST_PAUSES, live, groupLines: lines, expired }
    },
    expired: (profile) => profileSettings(config())[profile]?.expired ?? config().batch.expired,
    busy,
  }
}
