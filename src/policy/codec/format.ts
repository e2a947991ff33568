import { Fault, getByte, putByte, type Sink, type Source } from '../../kit/index.js'

/** Format of all decision blobs; a later one must still read this one. */
const FORMAT = 1

export function putFormat(sink: Sink): void {
  putByte(sink, FORMAT)
}

export function checkFormat(source: Source): void {
  const format = getByte(source)
  if (format !== FORMAT) {
    throw new Fault('E_LEDGER', `a decision record has format ${format}, this program reads ${FORMAT}`, { hint: 'use a newer llmroute' })
  }
}
