import { type Command, Option } from 'commander'
import { addExample, COMPLEXITIES, type Example, SHIPPED_EXAMPLES, TASKS, testExamples } from '../../classify/index.js'
import { table } from '../../kit/index.js'
import { examplesPath, readUserExamples, writeUserExamples } from '../../learn/index.js'
import { type Cli, examples as shown } from '../cli.js'
import { loadForCli } from '../load-setup.js'
import { lookOf, paintFor } from '../paint.js'
import { readPrompt } from '../read-prompt.js'
import { tellDaemon } from '../running-daemon.js'
import { answer, oneLine } from '../say.js'

/** Cells of a prompt that are shown. */
const WIDTH = 72

interface AddOptions {
  readonly task: string
  readonly complexity: string
}

export function define(command: Command, cli: Cli): void {
  const add = command
    .command('add')
    .description('add an example of how to judge a prompt')
    .argument('[prompt]', 'the prompt (default: stdin)')
    .addOption(new Option('--task <task>', 'what kind of work it is').choices([...TASKS]).makeOptionMandatory())
    .addOption(new Option('--complexity <level>', 'how hard it is').choices(COMPLEXITIES).makeOptionMandatory())
  add.action((prompt: string | undefined, options: AddOptions) => addOne(cli, prompt, options))
  shown(add, 'llmroute examples add "Reconcile the ledger of branch 12" --task analysis --complexity complex')

  const list = command.command('list').description('list your examples and those that ship with llmroute').option('--own', 'only your own')
  list.action(async ({ own }: { readonly own?: boolean }) => {
    const { examples } = await readOwn(cli)
    const rows = [
      ...examples.map((example) => ({ ...example, from: 'yours' })),
      ...(own === true ? [] : SHIPPED_EXAMPLES.map((example) => ({ ...example, from: 'shipped' }))),
    ]
    return answer(cli, rows, () => (rows.length === 0 ? 'You have no examples yet.' : exampleTable(rows, cli)))
  })
  shown(list, 'llmroute examples list --own')

  const test = command.command('test').description('judge each example by all the others')
  test.action(async () => {
    const { examples } = await readOwn(cli)
    const result = testExamples([...examples, ...SHIPPED_EXAMPLES])
    return answer(cli, result, () => describe(result, cli))
  })
  shown(test, 'llmroute examples test')
  shown(command, 'llmroute examples list')
}

async function addOne(cli: Cli, prompt: string | undefined, { task, complexity }: AddOptions): Promise<void> {
  const text = await readPrompt(prompt, cli.io, 'examples add')
  const { path, examples } = await readOwn(cli)
  const example = { text, task, complexity } as Example
  const all = addExample(examples, example)
  writeUserExamples(path, all)
  await tellDaemon(cli)
  return answer(
    cli,
    { ...example, path, examples: all.length },
    () => `Added to ${path}, which holds ${all.length} now. Requests like it are judged ${complexity} ${task}.`,
  )
}

async function readOwn(cli: Cli): Promise<{ readonly path: string; readonly examples: readonly Example[] }> {
  const { config, folder } = await loadForCli(cli)
  const path = config.classifier.examples ?? examplesPath(folder)
  return { path, examples: readUserExamples(path) }
}

function exampleTable(rows: readonly (Example & { readonly from: string })[], cli: Cli): string {
  return table(rows, lookOf(cli.io), [
    { head: 'FROM', leave: 1, cell: (r) => r.from },
    { head: 'TASK', cell: (r) => r.task },
    { head: 'COMPLEXITY', leave: 2, cell: (r) => r.complexity },
    { head: 'PROMPT', flexible: true, cell: (r) => oneLine(r.text, WIDTH) },
  ])
}

function describe({ examples, taskRight, complexityRight, silent, wrong }: ReturnType<typeof testExamples>, cli: Cli): string {
  const heard = examples - silent
  const lines = [
    `${heard} of ${examples} examples have similar ones; judged by those, ${complexityRight} get the right complexity and ${taskRight} the right task.`,
    ...wrong.map(({ example, vote }) => `  ${example.complexity}, judged ${vote.complexity}: ${oneLine(example.text, WIDTH)}`),
  ]
  if (wrong.length > 0) lines.splice(1, 0, paintFor(cli.io).dim('Misjudged:'))
  return lines.join('\n')
}
