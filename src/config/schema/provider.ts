import { z } from 'zod'
import { WIRE_FORMATS } from '../../catalog/index.js'

export const secret = z.union([
  z
    .string()
    .min(1)
    .regex(/^(?!env:$)/, { error: 'expected the name of a variable after env:' })
    .meta({ title: "`'env:NAME'` or the secret itself" }),
  z.strictObject({ command: z.array(z.string()).min(1) }).meta({ title: '`{ command: [...] }`' }),
])

/** As RFC 9110 has it, and as undici sends it. */
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: 'expected another key (letters, digits and dashes)' })
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, { error: 'expected one line of Latin-1' })

export const provider = z.strictObject({
  wire: z.exactOptional(z.enum(WIRE_FORMATS)).describe('Wire format; `openai-chat` for a provider that is not known.'),
  wires: z.exactOptional(z.array(z.enum(WIRE_FORMATS)).min(1)).describe('Every format served below `baseURL`; `wire` only unless given.'),
  baseURL: z
    .exactOptional(z.url({ protocol: /^https?$/, hostname: /.*/, error: "expected an address such as 'http://127.0.0.1:9100/v1'" }))
    .describe("What that vendor's own SDK takes: OpenAI formats with `/v1`, Anthropic and Gemini without. A query is kept."),
  apiKey: z.exactOptional(secret).describe("`'env:NAME'`, `{ command: [...] }` or the key; known providers read their usual variable."),
  auth: z
    .exactOptional(z.enum(['key', 'passthrough', 'none']))
    .describe("`passthrough` sends the client's own credential to this provider's host and format only."),
  headers: z.exactOptional(z.record(headerName, headerValue)).describe('Extra headers of every call; a value may be `env:NAME`.'),
  pricesOf: z.exactOptional(z.string()).describe('Id of the provider whose listed prices apply; the known one at that host unless given.'),
})
