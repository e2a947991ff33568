import { createHmac } from 'node:crypto'
import { must } from './refusal.js'

const seal = (model: string): string => createHmac('sha256', 'a secret of the vendor').update(model).digest('base64')

/** What a model puts on its reasoning; only the same model takes it back. */
export function sign(vendor: string, model: string): string {
  return Buffer.from(`${vendor}/${model}:${seal(`${vendor}/${model}`)}`).toString('base64')
}

export function checkSignature(vendor: string, model: string, signature: unknown, message: string, param: string): void {
  must(signature === sign(vendor, model), message, param)
}
