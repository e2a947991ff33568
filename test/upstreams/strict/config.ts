import type { VendorName } from './vendor.js'

/** Names of the providers in the configuration, by vendor. */
export const PROVIDER: Readonly<Record<VendorName, string>> = { chat: 'chatup', responses: 'respup', messages: 'anthup', gemini: 'gemup' }

const WIRE: Readonly<Record<VendorName, string>> = {
  chat: 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  gemini: 'gemini',
}
const THINKING: Readonly<Record<VendorName, string>> = { chat: 'effort', responses: 'effort', messages: 'budget', gemini: 'budget' }
const needs = ['tools', 'parallel-tools', 'vision', 'file-input', 'json', 'json-schema', 'reasoning-replay', 'n']

const isOpenai = (vendor: VendorName): boolean => vendor === 'chat' || vendor === 'responses'

/** A configuration with one provider a vendor, each with the models `m` and `m2`; the chat vendor also embeds. */
export function vendorsConfig(origin: string): Readonly<Record<string, unknown>> {
  const vendors = Object.entries(PROVIDER) as [VendorName, string][]
  return {
    providers: Object.fromEntries(
      vendors.map(([vendor, id]) => [
        id,
        { wire: WIRE[vendor], baseURL: WIRE[vendor]?.startsWith('openai') ? `${origin}/v1` : origin, apiKey: `key-${vendor}` },
      ]),
    ),
    models: [
      ...vendors.flatMap(([vendor, id]) =>
        ['m', 'm2'].map((name) => ({
          id: `${id}/${name}`,
          price: { input: 1, output: 4 },
          contextWindow: 200_000,
          maxOutput: 32_000,
          quality: 0.8,
          reasoning: true,
          accepts: {
            needs,
            thinking: THINKING[vendor],
            efforts: isOpenai(vendor) ? ['low', 'medium', 'high'] : [],
            ...(isOpenai(vendor) ? { refuses: ['loose_schemas'] } : vendor === 'gemini' ? { refuses: ['json_with_tools'] } : {}),
          },
        })),
      ),
      { id: 'chatup/embed', kind: 'embedding', price: { input: 0.1, output: 0 } },
    ],
    aliases: { 'gpt-4o': 'auto' },
    default: 'balanced',
  }
}
