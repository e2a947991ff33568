import fc from 'fast-check'
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { estimateTokens, messageTokens, readEnvelope, requestTokens } from '../../src/classify/index.js'
import { ask, readFixture, TURNS } from './read-fixture.js'

const TEXTS: Readonly<Record<string, string>> = {
  English:
    'The history of cities is also the history of their markets. For centuries, traders came from distant villages with cloth, spices and news. Today the squares are still places to meet, although the goods arrive in refrigerated lorries and prices change every morning. Explain why inflation hits poorer households harder.',
  Spanish:
    'La historia de las ciudades es también la historia de sus mercados. Durante siglos, los comerciantes llegaron desde pueblos lejanos con telas, especias y noticias. Explica por qué la inflación afecta más a las familias con menos ingresos y qué medidas podría tomar un gobierno.',
  German:
    'Die Geschichte der Städte ist auch die Geschichte ihrer Märkte. Jahrhundertelang kamen Händler aus fernen Dörfern mit Stoffen, Gewürzen und Nachrichten. Erkläre, warum die Inflation Haushalte mit geringem Einkommen stärker trifft und welche Maßnahmen eine Regierung ergreifen könnte.',
  French:
    "L'histoire des villes est aussi celle de leurs marchés. Pendant des siècles, les marchands sont venus de villages éloignés avec des étoffes, des épices et des nouvelles. Expliquez pourquoi l'inflation touche davantage les ménages modestes.",
  Portuguese:
    'A história das cidades é também a história dos seus mercados. Durante séculos, comerciantes chegaram de aldeias distantes com tecidos, especiarias e notícias. Explique por que a inflação afeta mais as famílias de baixa renda.',
  Russian:
    'История городов — это также история их рынков. Столетиями торговцы приходили из далёких деревень с тканями, пряностями и новостями. Объясните, почему инфляция сильнее бьёт по семьям с низким доходом и какие меры могло бы принять правительство.',
  Chinese:
    '城市的历史也是市场的历史。几个世纪以来，商人们从遥远的村庄带来布匹、香料和消息。今天，广场仍然是人们相遇的地方，尽管商品由冷藏车运来，价格每天早晨都在变化。请解释为什么通货膨胀对低收入家庭的影响更大，以及政府可以采取哪些措施。',
  Japanese:
    '都市の歴史は市場の歴史でもあります。何世紀もの間、商人たちは遠い村から布や香辛料や知らせを運んできました。なぜインフレが低所得の家庭により大きな影響を与えるのか、また政府がどのような対策を取れるのかを説明してください。',
  TypeScript:
    "export function classify(request: Request, options: Options = {}): Signals {\n  const turn = readTurn(request)\n  const side = sideKind(request, turn.text)\n  if (side !== null) return { ...base, complexity: 'simple' }\n  return judge(turn.text, options.classifier ?? shippedClassifier())\n}\n",
  JSON: JSON.stringify({
    type: 'object',
    properties: { path: { type: 'string', description: 'Absolute path of the file to read' }, limit: { type: 'number' } },
    required: ['path'],
  }),
}

describe('estimateTokens', () => {
  it.each(Object.keys(TEXTS))('is within 15 in 100 of o200k for %s', (name) => {
    const text = TEXTS[name] as string
    expect(Math.abs(estimateTokens(text) / encode(text).length - 1)).toBeLessThan(0.15)
  })
  it('samples long texts without losing its measure', () => {
    const text = Object.values(TEXTS).join('\n').repeat(16)
    expect(text.length).toBeGreaterThan(30_000)
    expect(Math.abs(estimateTokens(text) / encode(text).length - 1)).toBeLessThan(0.15)
  })
  it('is nothing for nothing', () => {
    expect(estimateTokens('')).toBe(0)
  })
})

describe('of a request', () => {
  it.each(TURNS)('%s: the envelope and the rest make the whole', (name) => {
    const request = readFixture(name)
    const envelope = readEnvelope(request).tokens
    const total = requestTokens(request, envelope)
    const texts = request.messages.flatMap((m) => m.parts.map((p) => (p.type === 'text' ? p.text : '')))
    const tools = request.tools.map((t) => JSON.stringify([t.name, t.type === 'function' ? [t.description, t.schema] : t.value]))
    const body = [...texts, ...tools].reduce((sum, text) => sum + encode(text).length, 0)
    expect(envelope).toBeGreaterThan(100)
    expect(total).toBeGreaterThan(envelope)
    expect(total / body).toBeGreaterThan(0.85)
    expect(total / body).toBeLessThan(1.15)
  })
  it('counts texts that differ by a piece in the middle each by itself, and alike when they come again', () => {
    const long = (TEXTS.TypeScript as string).repeat(12)
    const piece = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' })
    fc.assert(
      fc.property(fc.integer({ min: 300, max: long.length }), piece, piece, (size, a, b) => {
        const around = (middle: string): string => `${long.slice(0, size / 2)}${middle}${long.slice(size / 2, size)}`
        for (const text of [around(a), around(b), around(a)])
          expect(messageTokens({ role: 'user', parts: [{ type: 'text', text }] })).toBe(4 + estimateTokens(text))
      }),
    )
  })
  it('counts a message with its framing', () => {
    const message = ask('hi').messages[0]
    expect(message && messageTokens(message)).toBe(5)
  })
})
