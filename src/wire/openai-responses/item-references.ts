import { Fault } from '../../kit/index.js'
import { type Splice, setAt } from '../codec.js'
import { type Json, recordEntries, recordsIn } from '../json.js'
import { OWN_ID } from './output-item.js'

/** Whether the input names an item in place of sending it: its provider keeps the answers that it gave. */
export function namesItems(input: unknown): boolean {
  return recordsIn(input).some(({ type }) => type === 'item_reference')
}

/**
 * Puts each item that was written here into the place where the input names it; `recall` gives one by its id. Others are their provider's
 * to find. Throws E_BAD_REQUEST for one that was written here and is unknown.
 */
export function recallItems({ input }: Json, recall: (id: string) => Json | undefined): Splice[] {
  return recordEntries(input).flatMap(([i, item]): Splice[] => {
    if (item.type !== 'item_reference' || !OWN_ID.test(String(item.id))) return []
    const found = recall(String(item.id))
    if (found !== undefined) return [setAt(['input', i], found, 'the item that it names')]
    throw new Fault('E_BAD_REQUEST', `Item with id '${item.id}' not found: it is no longer remembered.`, {
      param: `input.${i}`,
      hint: 'Send the whole conversation (the ai SDK does with providerOptions.openai.store false), or begin a new one.',
      final: true,
    })
  })
}
