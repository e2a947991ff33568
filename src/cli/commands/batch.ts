import { type Command, Option } from 'commander'
import { type Cli, examples } from '../cli.js'

export interface SubmitOptions {
  readonly deadline?: string
  readonly profile?: string
  readonly model?: string
  readonly system?: string
  readonly tags?: string
  readonly expired?: 'live' | 'report'
}

export function define(command: Command, cli: Cli): void {
  const submit = command
    .command('submit')
    .description("submit a file of requests: OpenAI's, Anthropic's or Gemini's batch format, request bodies, or prompts, one a line")
    .argument('[file]', 'the file (default: stdin)')
    .option('--deadline <duration>', "the answers may take this long, such as 24h (default: the profile's deadline, else 24h)")
    .option('-p, --profile <profile>', 'decide under this profile (default: that of the configuration)')
    .option('-m, --model <model>', 'model of lines that name none (default: auto)')
    .option('-s, --system <text>', 'system prompt of lines that are prompts')
    .option('--tags <tags>', 'tags for rules and the record, separated by commas')
    .addOption(
      new Option(
        '--expired <what>',
        "what to do with lines that a provider's batch did not finish (default: as configured, else live)",
      ).choices(['live', 'report']),
    )
  submit.action(async (file: string | undefined, options: SubmitOptions) => (await import('../batch/submit.js')).submit(cli, file, options))
  examples(
    submit,
    'echo "Name three primes." | llmroute batch submit --deadline 24h',
    'llmroute batch submit prompts.jsonl --profile economy',
  )

  const status = command
    .command('status')
    .description('show the progress of jobs')
    .argument('[id]', 'the job: the first characters of its id, or "last" (default: all jobs)')
  status.action(async (id: string | undefined) => (await import('../batch/jobs.js')).status(cli, id))
  examples(status, 'llmroute batch status', 'llmroute batch status last --json')

  const wait = command
    .command('wait')
    .description('wait until a job has ended; does its work when no daemon runs')
    .argument('[id]', 'the job: the first characters of its id, or "last"', 'last')
    .option('--sandbox', 'use simulated models, even if keys are set')
  wait.action(async (id: string, { sandbox }: { sandbox?: boolean }) => (await import('../batch/wait.js')).wait(cli, id, sandbox === true))
  examples(wait, 'llmroute batch wait last')

  const results = command
    .command('results')
    .description('print the answers so far, in the order and form of the lines, each with what it cost')
    .argument('[id]', 'the job: the first characters of its id, or "last"', 'last')
    .option('-o, --output <file>', 'write to this file instead of stdout')
  results.action(async (id: string, { output }: { output?: string }) => (await import('../batch/jobs.js')).results(cli, id, output))
  examples(results, 'llmroute batch results last > /tmp/answers.jsonl')

  const cancel = command
    .command('cancel')
    .description('start no more lines of a job')
    .argument('[id]', 'the job: the first characters of its id, or "last"', 'last')
  cancel.action(async (id: string) => (await import('../batch/jobs.js')).cancel(cli, id))
  examples(cancel, 'echo "Name three primes." | llmroute batch submit && llmroute batch cancel last')
  examples(command, 'llmroute batch submit prompts.jsonl --deadline 24h && llmroute batch wait')
}
