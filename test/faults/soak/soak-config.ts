const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** Eight models of two formats on one misbehaving server; `round` changes the weights, so that each reload is another policy. */
export function soakConfig(origin: string, round: number) {
  const cost = 0.2 + (round % 6) / 10
  const chat = { wire: 'openai-chat', baseURL: `${origin}/v1`, apiKey: 'sk-soak-chat' }
  const messages = { wire: 'anthropic-messages', baseURL: origin, apiKey: 'sk-soak-messages' }
  const price = { input: 1, output: 4 }
  return {
    providers: Object.fromEntries(NAMES.map((name, i) => [name, i % 2 === 0 ? chat : messages])),
    models: NAMES.map((name, i) => ({ id: `${name}/m`, price, quality: 0.8 - i / 100 })),
    default: 'soak',
    profiles: {
      soak: {
        weights: { cost, quality: 1 - cost, latency: 0 },
        // Every model takes part, so that no breaker rests while the others serve all.
        exploration: { rate: 0.5, margin: 1 },
        timeouts: { connect: '1s', firstByte: '2s', idle: '2s', total: '8s' },
      },
    },
  }
}

/** What a file says after an unlucky edit. */
export const UNUSABLE = '{ "default": "no-such-profile" }'
