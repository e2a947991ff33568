import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Fault } from '../../kit/index.js'
import { parseDuration } from '../../report/parse-time.js'
import { unreadableFile } from '../cli.js'
import { packageVersion } from '../version.js'

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

/** The person's message with its files: text in fences, images and PDFs as such. Throws E_USAGE for a file that cannot be read. */
export async function messagesOf(prompt: string, { system, file = [] }: AskOptions): Promise<readonly ChatMessage[]> {
  const parts = await Promise.all(file.map(filePart))
  const user: ChatMessage = { role: 'user', content: parts.length === 0 ? prompt : [...parts, { type: 'text', text: prompt }] }
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

/** A chat message in OpenAI's form. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string | readonly Part[]
}

type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }
  | { readonly type: 'file'; readonly file: { readonly filename: string; readonly file_data: string } }

const IMAGES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
}

async function filePart(path: string): Promise<Part> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw unreadableFile(path, cause)
  })
  const type = extname(path).toLowerCase()
  const image = IMAGES[type]
  if (image !== undefined) return { type: 'image_url', image_url: { url: dataUrl(image, bytes) } }
  if (type === '.pdf') return { type: 'file', file: { filename: basename(path), file_data: dataUrl('application/pdf', bytes) } }
  if (bytes.includes(0)) throw new Fault('E_USAGE', `The file ${path} is neither text, an image nor a PDF.`, { hint: 'Convert it first.' })
  return { type: 'text', text: `${basename(path)}:\n\`\`\`\n${bytes.toString('utf8').trimEnd()}\n\`\`\`` }
}

function dataUrl(type: string, bytes: Buffer): string {
  return `data:${type};base64,${bytes.toString('base64')}`
}
