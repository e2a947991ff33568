import { isUtf8 } from 'node:buffer'

/** What a client meant by a header's value: Node reads its bytes as Latin-1, and most clients write UTF-8. */
export function headerText(value: string | undefined): string | undefined {
  if (value === undefined || PLAIN.test(value)) return value
  const bytes = Buffer.from(value, 'latin1')
  return isUtf8(bytes) && bytes.toString('latin1') === value ? bytes.toString('utf8') : value
}

const PLAIN = /^[\x20-\x7e]*$/
