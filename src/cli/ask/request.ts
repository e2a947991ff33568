import { Fault } from '../../kit/index.js'
import { parseDuration } from '../../report/parse-time.js'
import { packageVersion } from '../version.js'
import { type ChatMessage, userMessage } from './build-body.js'

/** Options of the commands that ask. */
export interface AskOptions {
  readonly profile?: string
  readonly model?: string
  readonly system?: string
  readonly tier?: string
  readonly tags?: string
  readonly deadline?: string
  readonly sandbox?: boolean
  readonly store: boolean
  readonly file?: readonly string[]
  readonly dryRun?: boolean
  readonly explain?: boolean
}

export async function messagesOf(prompt: string, { system, file }: AskOptions): Promise<readonly ChatMessage[]> {
  const user = await userMessage(prompt, file ?? [])
  return system === undefined ? [user] : [{ role: 'system', content: system }, user]
}

/** Throws E_USAGE for a deadline that is no duration, and for text that no header holds. */
export function headersOf({ profile, tier, tags, deadline, store }: AskOptions): Readonly<Record<string, string>> {
  if (deadline !== undefined) parseDuration(deadline, '--deadline')
  const bytesOf = (option: string, text: string): string => {
    if (/\p{Cc}/u.test(text))
      throw new Fault('E_USAGE', `--${option} holds characters that a header cannot carry.`, { hint: 'Leave out control characters.' })
    return Buffer.from(text).toString('latin1')
  }
  return {
    'user-agent': `llmroute/${packageVersion()}`,
    'x-llmroute-include': 'metadata',
    ...(profile === undefined ? {} : { 'x-llmroute-profile': bytesOf('profile', profile) }),
    ...(tier === undefined ? {} : { 'x-llmroute-tier': bytesOf('tier', tier) }),
    ...(tags === undefined ? {} : { 'x-llmroute-tags': bytesOf('tags', tags) }),
    ...(deadline === undefined ? {} : { 'x-llmroute-deadline': deadline }),
    ...(store ? {} : { 'x-llmroute-store': 'none' }),
  }
}
