import type { Loss, WebSearch } from '../canonical/index.js'
import { isRecord, present } from './json.js'
import { lose } from './losses.js'

type Spelled = Readonly<Partial<Record<'allowed' | 'blocked' | 'uses' | 'location', unknown>>>

/** A hosted search in neutral terms. Malformed settings are left to its own vendor to refuse. */
export function searchOf({ allowed, blocked, uses, location }: Spelled): WebSearch {
  return present({
    allowedDomains: domains(allowed),
    blockedDomains: domains(blocked),
    maxUses: typeof uses === 'number' ? uses : undefined,
    location: isRecord(location) ? location : undefined,
  })
}

function domains(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string') ? (value as string[]) : undefined
}

/** Lists the parts of a search that the target cannot be told. Where it may look changes what it finds. */
export function loseSearch(search: WebSearch, unsayable: readonly (keyof WebSearch)[], losses: Loss[]): void {
  for (const field of unsayable) {
    if (search[field] === undefined) continue
    const matters = field === 'allowedDomains' || field === 'blockedDomains'
    lose(losses, `tools.web_search.${field}`, "this vendor's search cannot be told so", matters)
  }
}
