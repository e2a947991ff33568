import { join } from 'node:path'
import { type Client, neutralModelOf } from '../client.js'

export const geminiCli: Client = {
  id: 'gemini-cli',
  title: 'Gemini CLI',
  basis: 'tried with 0.61.0 in November 2026',
  traces: ({ home, env }) => [join(env.GEMINI_CLI_HOME ?? home, '.gemini')],
  files(target, { home, env }) {
    const folder = join(env.GEMINI_CLI_HOME ?? home, '.gemini')
    return [
      {
        path: join(folder, 'settings.json'),
        format: 'json',
        changes: [
          { at: ['security', 'auth', 'selectedType'], value: 'gemini-api-key' },
          // "auto" has a special meaning here.
          { at: ['model', 'name'], value: neutralModelOf(target) },
        ],
      },
      {
        path: join(folder, '.env'),
        format: 'dotenv',
        address: ['GOOGLE_GEMINI_BASE_URL'],
        changes: [
          { at: ['GOOGLE_GEMINI_BASE_URL'], value: target.url },
          { at: ['GEMINI_API_KEY'], value: target.key },
        ],
      },
    ]
  },
  steps: () => [
    'Start `gemini` anew. A .env file of the project goes before the one in ~/.gemini, and the first found is the only one read.',
  ],
  limits: ['A login with a Google account ("Code Assist") keeps to Google’s servers.'],
  overriddenBy: ['GOOGLE_GEMINI_BASE_URL', 'GEMINI_MODEL'],
  asksFor: ['gemini-2.5-flash', 'gemini-2.5-flash-lite'],
}
