import type { StreamPass } from './stream-pass.js'

/** Silence after which a client gets a ping, milliseconds: vendors that send pings do so every ten to fifteen seconds. */
const QUIET_MS = 12_000

export interface Pings {
  /** Something else was written. */
  spoke(): void
  stop(): void
}

/** Writes pings while a provider that has begun its answer is silent, where the client's format has them: a model may think for minutes. */
export function startPings(pass: StreamPass, write: (text: string) => void): Pings {
  if (pass.ping === undefined) return { spoke() {}, stop() {} }
  let quiet = false
  const timer = setInterval(() => {
    const text = quiet ? (pass.ping?.() ?? '') : ''
    if (text !== '') write(text)
    quiet = true
  }, QUIET_MS / 2)
  timer.unref()
  return {
    spoke() {
      quiet = false
    },
    stop: () => clearInterval(timer),
  }
}
