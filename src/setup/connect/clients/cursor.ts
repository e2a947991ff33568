import { join } from 'node:path'
import { type Client, neutralModelOf } from '../client.js'

export const cursor: Client = {
  id: 'cursor',
  title: 'Cursor',
  basis: 'after its documentation and forum of November 2026, not tried',
  remote: true,
  traces: ({ home }) => [join(home, '.cursor')],
  steps: (target) => [
    'In Cursor open Settings, Models, API Keys and set:',
    `  OpenAI API Key: ${target.key}`,
    `  Override OpenAI Base URL: ${target.url}/v1`,
    `Then add a custom model named ${neutralModelOf(target)} (or ${neutralModelOf(target)}-high for more effort) and choose it in the chat.`,
    'Names with gpt- or claude- in them are treated in a special way by Cursor: use this one.',
  ],
  limits: [
    'Cursor calls from its own servers, so localhost is refused: a public HTTPS tunnel is needed.',
    'The address of the tunnel is a credential: keep it to yourself.',
    'The override holds for every OpenAI model while it is on.',
    'Tab, Auto, Composer and the Cursor CLI never pass through.',
  ],
}
