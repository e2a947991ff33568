import type { Reached } from '../../setup/index.js'
import { describeFailure, openDispatcher } from '../../upstream/index.js'

const CONNECT_MS = 5_000

/** Asks addresses the way calls go out: through the proxies that the environment names, with its certificates. */
export async function openReach(
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ reach(url: string): Promise<Reached>; close(): Promise<void> }> {
  const dispatcher = await openDispatcher({ env, connectMs: CONNECT_MS })
  const { request } = await import('undici')
  return {
    async reach(url) {
      try {
        const { statusCode, headers, body } = await request(url, {
          dispatcher,
          method: 'HEAD',
          headersTimeout: CONNECT_MS,
          bodyTimeout: CONNECT_MS,
        })
        await body.dump()
        const date = Date.parse(String(headers.date ?? ''))
        return { status: statusCode, dateMs: Number.isNaN(date) ? null : date }
      } catch (error) {
        throw describeFailure(error, url, false)
      }
    },
    close: () => dispatcher.close(),
  }
}
