import { readdirSync, readFileSync } from 'node:fs'
import type { WireFormat } from '../../src/canonical/index.js'

export interface ClientBody {
  /** File name without its ending: client, version and turn. */
  readonly name: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

const FOLDER = new URL('../fixtures/client-bodies/', import.meta.url)

function formatOf(url: string): WireFormat | null {
  if (url.includes('/chat/completions')) return 'openai-chat'
  if (url.includes('/responses')) return 'openai-responses'
  if (url.includes('/messages')) return 'anthropic-messages'
  return url.includes('enerateContent') ? 'gemini' : null
}

/** Captured requests of real clients in one format. */
export function clientBodies(format: WireFormat): ClientBody[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const { url, headers, body } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as ClientBody
      return { name: file.slice(0, -5), url, headers, body }
    })
    .filter((captured) => captured.body !== null && formatOf(captured.url) === format)
}
