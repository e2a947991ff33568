import type { WireFormat } from '../canonical/index.js'
import type { ModelRev } from '../catalog/index.js'
import type { Setup } from '../route/index.js'

interface Listed {
  readonly id: string
  readonly owner: string
  readonly rev: ModelRev | null
}

/** Virtual models first: they are what clients should pick. */
function listed(setup: Setup): readonly Listed[] {
  const virtual = ['auto', ...[...setup.profiles.keys()].map((p) => `auto:${p}`), ...Object.keys(setup.aliases)]
  return [
    ...virtual.map((id) => ({ id, owner: 'llmroute', rev: null })),
    ...setup.pool.map(({ rev }) => ({ id: rev.id, owner: rev.simulated ? `${rev.provider} (simulated)` : rev.provider, rev })),
  ]
}

/** The pool and the virtual models in the shape of a format's own list; null when `id` names none. */
export function listModels(
  setup: Setup,
  format: WireFormat,
  id: string | null,
  anthropic: boolean,
): Readonly<Record<string, unknown>> | null {
  const all = listed(setup)
  const write = format === 'gemini' ? geminiModel : anthropic ? anthropicModel : openaiModel
  if (id !== null) {
    const one = all.find((m) => m.id === id.replace(/^models\//, ''))
    return one === undefined ? null : write(one)
  }
  const data = all.map(write)
  if (format === 'gemini') return { models: data }
  if (anthropic) return { data, has_more: false, first_id: all[0]?.id ?? null, last_id: all.at(-1)?.id ?? null }
  return { object: 'list', data }
}

function openaiModel({ id, owner, rev }: Listed): Readonly<Record<string, unknown>> {
  return { id, object: 'model', created: 0, owned_by: owner, ...(rev?.contextWindow ? { context_window: rev.contextWindow } : {}) }
}

function anthropicModel({ id, rev }: Listed): Readonly<Record<string, unknown>> {
  return { type: 'model', id, display_name: rev?.simulated ? `${id} (simulated)` : id, created_at: '1970-01-01T00:00:00Z' }
}

function geminiModel({ id, rev }: Listed): Readonly<Record<string, unknown>> {
  return {
    name: `models/${id}`,
    displayName: rev?.simulated ? `${id} (simulated)` : id,
    ...(rev?.contextWindow ? { inputTokenLimit: rev.contextWindow } : {}),
    ...(rev?.maxOutput ? { outputTokenLimit: rev.maxOutput } : {}),
    supportedGenerationMethods: rev?.kind === 'embedding' ? ['embedContent'] : ['generateContent', 'countTokens'],
  }
}
