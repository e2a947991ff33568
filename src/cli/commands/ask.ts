import { type Command, Option } from 'commander'
import { newId } from '../../kit/index.js'
import { type AskOptions, headersOf, messagesOf } from '../ask/request.js'
import { type Cli, collect, examples } from '../cli.js'
import { readPrompt } from '../read-prompt.js'

export function define(command: Command, cli: Cli): void {
  addAskOptions(command)
    .argument('[prompt]', 'the prompt; what is piped in is added to it')
    .option('-f, --file <file>', 'attach a text file, an image or a PDF (may be repeated)', collect)
    .option('--dry-run', 'show the decision without sending anything')
    .option('--explain', 'show why the model was chosen, on stderr')
    .action(async (argument: string | undefined, options: AskOptions) => {
      const prompt = await readPrompt(argument, cli.io, 'ask')
      const outgoing = {
        body: { model: options.model ?? 'auto', messages: await messagesOf(prompt, options), stream: true },
        // Asked by itself: the same words another time are no turn of the same conversation.
        headers: { ...headersOf(options), 'x-llmroute-session': `ask-${newId()}` },
      }
      if (options.dryRun) return (await import('../ask/dry-run.js')).dryRun(cli, outgoing, options)
      return (await import('../ask/ask-once.js')).askOnce(cli, outgoing, options)
    })
  examples(
    command,
    'llmroute ask "Name three primes."',
    'git diff | llmroute ask "Write a commit message for this change."',
    'llmroute ask --profile quality --explain "Why is the sky blue?"',
    'llmroute ask --dry-run --json "Prove that there are infinitely many primes."',
  )
}

export function addAskOptions(command: Command): Command {
  return command
    .option('-p, --profile <profile>', 'decide under this profile (default: that of the configuration)')
    .option('-m, --model <model>', 'ask this model of the pool, or a virtual one such as auto:code (default: auto)')
    .option('-s, --system <text>', 'system prompt')
    .option('--tier <tier>', 'tier of the caller, for rules')
    .option('--tags <tags>', 'tags for rules and the record, separated by commas')
    .option('--deadline <duration>', 'the answer may take this long, such as 24h')
    .option('--sandbox', 'use simulated models, even if keys are set')
    .addOption(new Option('--no-store', 'store no text of this call, only metadata'))
}
