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
    .argument('[file]', 'the file; stdin unless given')
    .option('--deadline <duration>', "when the answers are needed; default: the profile's, else 24h")
    .option('-p, --profile <profile>', 'decide under this profile')
    .option('-m, --model <model>', 'for lines without a model; default auto')
    .option('-s, --system <text>', 'system prompt of lines that are prompts')
    .option('--tags <tags>', 'tags for the record, separated by commas')
    .addOption(new Option('--expired <what>', 'what happens to lines that a batch did not finish').choices(['live', 'report']))
  submit.action(async (file: string | undefined, options: SubmitOptions) => (await import('../batch/submit.js')).submit(cli, file, options))
  examples(
    submit,
    'echo "Name three primes." | llmroute batch submit --deadline 24h',
    'llmroute batch submit prompts.jsonl --profile economy',
  )

  const status = command
    .command('status')
    .description('show the progress of jobs')
    .argument('[id]', 'a job, or `last`; all of them unless given')
  status.action(async (id: string | undefined) => (await import('../batch/jobs.js')).status(cli, id))
  examples(status, 'llmroute batch status', 'llmroute batch status last --json')

  const wait = command
    .command('wait')
    .description('wait until a job has ended; does its work when no daemon runs')
    .argument('[id]', 'a job', 'last')
    .option('--sandbox', 'use the simulated models')
  wait.action(async (id: string, { sandbox }: { sandbox?: boolean }) => (await import('../batch/wait.js')).wait(cli, id, sandbox === true))
  examples(wait, 'llmroute batch wait last')

  const results = command
    .command('results')
    .description('the answers so far, in the order and form of the lines, each with what it cost')
    .argument('[id]', 'a job', 'last')
    .option('-o, --output <file>', 'write to this file instead of stdout')
  results.action(async (id: string, { output }: { output?: string }) => (await import('../batch/jobs.js')).results(cli, id, output))
  examples(results, 'llmroute batch results last > /tmp/answers.jsonl')

  const cancel = command.command('cancel').description('start no more lines of a job').argument('[id]', 'a job', 'last')
  cancel.action(async (id: string) => (await import('../batch/jobs.js')).cancel(cli, id))
  examples(cancel, 'echo "Name three primes." | llmroute batch submit && llmroute batch cancel last')
  examples(command, 'llmroute batch submit prompts.jsonl --deadline 24h && llmroute batch wait')
}
