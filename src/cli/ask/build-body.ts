import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Fault } from '../../kit/index.js'
import { unreadableFile } from '../cli.js'

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

/** The person's message with its files: text in fences, images and PDFs as such. Throws E_USAGE for a file that cannot be read. */
export async function userMessage(prompt: string, files: readonly string[]): Promise<ChatMessage> {
  if (files.length === 0) return { role: 'user', content: prompt }
  const parts = await Promise.all(files.map(filePart))
  return { role: 'user', content: [...parts, { type: 'text', text: prompt }] }
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
