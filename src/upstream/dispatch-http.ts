import type { Dispatcher } from 'undici'
import { asFault, type Clock, systemClock } from '../kit/index.js'
import type { Dispatch } from './exchange.js'
import { HttpFlight } from './http-flight.js'
import { type DispatcherOptions, openDispatcher } from './open-dispatcher.js'

export interface HttpUpstream {
  readonly dispatch: Dispatch
  /** Loads the client ahead of the first request. */
  open(): Promise<void>
  close(): Promise<void>
}

/** Sends requests over HTTP. Connections are opened on the first use, so that a sandbox or a dry run loads no client. */
export function createHttpUpstream(options: DispatcherOptions, clock: Clock = systemClock): HttpUpstream {
  let opening: Promise<Dispatcher> | null = null
  let dispatcher: Dispatcher | null = null

  async function open(): Promise<void> {
    opening ??= openDispatcher(options)
    dispatcher = await opening
  }

  return {
    open,
    dispatch(request) {
      const flight = new HttpFlight(request, clock)
      if (dispatcher !== null) flight.send(dispatcher)
      else
        open()
          .then(() => flight.send(dispatcher!))
          .catch((error: unknown) => flight.cancel(asFault(error)))
      return flight
    },
    async close() {
      await opening?.catch(() => undefined)
      await dispatcher?.destroy()
    },
  }
}
