import { type Json, must } from './refusal.js'

/** What the vendor keeps of its answers, unless told `store: false`, so that a later request may name it instead of sending it. */
const items = new Map<string, Json>()
let answers = 0

/** A number for the ids of one answer. */
export function nextAnswer(): number {
  return ++answers
}

export function store(item: Json): void {
  items.set(String(item.id), item)
}

export function recall(id: unknown): Json {
  const item = items.get(String(id))
  must(item !== undefined, `Item with id '${id}' not found.`, 'input')
  return item
}
