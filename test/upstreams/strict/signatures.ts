import { createHmac } from 'node:crypto'
import { must } from './refusal.js'

let answers = 0

const seal = (text: string): string => createHmac('sha256', 'a secret of the vendor').update(text).digest('base64')

/** What a model puts on its reasoning, another for every answer; only the same model takes it back. */
export function sign(vendor: string, model: string): string {
  const answer = String(++answers)
  return Buffer.from(`${answer}:${seal(`${vendor}/${model}/${answer}`)}`).toString('base64')
}

export function checkSignature(vendor: string, model: string, signature: unknown, message: string, param: string): void {
  const [answer, sealed] = Buffer.from(String(signature), 'base64').toString().split(':')
  must(sealed === seal(`${vendor}/${model}/${answer}`), message, param)
}
