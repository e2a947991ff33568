import {
  applyExamples,
  type Example,
  type ExampleLibrary,
  embeddedLibrary,
  isAmbiguous,
  localLibrary,
  readTurn,
  type Signals,
} from '../../classify/index.js'
import type { Config } from '../../config/index.js'
import type { AttemptRow, Ledger } from '../../ledger/index.js'
import type { Advice, Advise, AskPorts, Hold, OnGone, PoolModel, Understood } from '../../route/index.js'
import { createModelClassifier } from './ask-classifier.js'
import type { EmbedAsCall } from './embed-as-call.js'
import { askInCall, type Embedder, embedTexts } from './embed-texts.js'

interface AdvisorParts {
  readonly settings: Config['classifier']
  readonly models: ReadonlyMap<string, PoolModel>
  readonly examples: readonly Example[]
  readonly ledger: () => Ledger | null
  readonly ports: AskPorts
  readonly embed: EmbedAsCall
}

/** A request that a question is about, how to learn that its client has gone, and how to reserve money for the question. */
interface Asking {
  readonly understood: Understood
  readonly onGone: OnGone
  readonly hold: Hold
}

/** Examples per request: endpoints take lists, and refuse a list that is too long. */
const AT_ONCE = 64
/** How long after a failure embedding the library is tried again. */
const RETRY_MS = 30_000

/**
 * Advice on a request that the local classifier cannot settle: an embedding model compares it with labelled examples, then a language model
 * judges what is still ambiguous. Undefined when the configuration names neither, or the pool, being simulated, has neither.
 */
export function createAdvisor({ settings, models, examples, ledger, ports, embed }: AdvisorParts): Advise | undefined {
  const { llm, embeddings } = settings
  const asked = models.get(llm?.model ?? '')
  const embeds = models.get(embeddings?.model ?? '')
  const ask =
    llm === undefined || asked === undefined
      ? null
      : createModelClassifier({ model: asked, timeoutMs: llm.timeout, maxUsdPerCall: llm.maxUsdPerCall }, ports)
  const embedder: Embedder | null = embeds === undefined ? null : { model: embeds, ledger }
  if (ask === null && embedder === null) return undefined
  const local = embedder === null ? null : localLibrary(examples)
  let library: ExampleLibrary | null = null
  let tryFromMs = 0
  /** Begun by the first request, which does not wait for it. */
  const prepare = (): void => {
    if (embedder === null || library !== null || ports.clock.now() < tryFromMs) return
    tryFromMs = ports.clock.now() + RETRY_MS
    void embedLibrary(embedder, examples, embed).then((made) => {
      library = made
    })
  }

  const byExamples = async (signals: Signals, text: string, { understood, onGone, hold }: Asking, rows: AttemptRow[]): Promise<Signals> => {
    if (embeddings === undefined || embedder === null || local === null) return signals
    prepare()
    const ask = askInCall(embedder.model, embeddings.timeout, { n: rows.length + 1, onGone, hold }, ports)
    const found = library === null ? null : await embedTexts(embedder, [text], { keep: keeps(understood), ask })
    if (found?.row) rows.push(found.row)
    const embedding = found?.vectors?.[0]
    return library === null || embedding === undefined
      ? applyExamples(signals, text, local)
      : applyExamples(signals, text, library, { embedding, neighbours: embeddings.neighbours })
  }

  return (understood, onGone, hold) => {
    const { signals } = understood
    const { text } = readTurn(understood.read.request)
    if (signals.sideKind !== null || signals.trajectory.inToolLoop || text === '') return null
    if (embedder === null && !isAmbiguous(signals, llm?.minConfidence)) return null
    return (async (): Promise<Advice> => {
      const rows: AttemptRow[] = []
      const heeded = await byExamples(signals, text, { understood, onGone, hold }, rows)
      if (ask === null || !isAmbiguous(heeded, llm?.minConfidence)) return { signals: heeded, asked: rows }
      const { signals: told, row } = await ask(heeded, text, { n: rows.length + 1, onGone, hold })
      return { signals: told, asked: row === null ? rows : [...rows, row] }
    })()
  }
}

/**
 * Vectors of all examples; null when they are unavailable, and local ones are used. They belong to no client's call: llmroute embeds them
 * with calls of its own.
 */
async function embedLibrary(embedder: Embedder, examples: readonly Example[], embed: EmbedAsCall): Promise<ExampleLibrary | null> {
  const vectors: (readonly number[])[] = []
  for (let at = 0; at < examples.length; at += AT_ONCE) {
    const texts = examples.slice(at, at + AT_ONCE).map((example) => example.text)
    const ask = async (missing: readonly string[]) => ({ answer: await embed(embedder.model.rev.id, missing), row: null })
    const embedded = await embedTexts(embedder, texts, { keep: true, ask })
    if (embedded.vectors === null) return null
    vectors.push(...embedded.vectors)
  }
  return embeddedLibrary(examples, vectors)
}

function keeps({ setup, wishes }: Understood): boolean {
  return setup.storeBodies && wishes.store
}
