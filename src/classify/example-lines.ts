import { Fault } from '../kit/index.js'
import type { Example } from './shipped-examples.js'
import { COMPLEXITIES, type Complexity, TASKS, type Task } from './types.js'

/** Examples as the user's file holds them: JSON Lines of `{text, task, complexity}`. Throws E_UNPROCESSABLE naming the line. */
export function parseExamples(lines: string): readonly Example[] {
  return lines.split('\n').flatMap((line, i) => (line.trim() === '' ? [] : [parseLine(line, i + 1)]))
}

export function formatExamples(examples: readonly Example[]): string {
  return examples.map(({ text, task, complexity }) => `${JSON.stringify({ text, task, complexity })}\n`).join('')
}

/** The list with one more; an example of the same text is replaced. */
export function addExample(examples: readonly Example[], example: Example): readonly Example[] {
  return [...examples.filter((e) => e.text !== example.text), checkExample(example, 'The example')]
}

function parseLine(line: string, number: number): Example {
  const where = `Line ${number} of the examples`
  try {
    return checkExample(JSON.parse(line) as Partial<Example>, where)
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('E_UNPROCESSABLE', `${where} is not JSON.`, { hint: 'Correct the line.', cause })
  }
}

function checkExample({ text, task, complexity }: Partial<Example>, where: string): Example {
  if (typeof text !== 'string' || text.trim() === '')
    throw new Fault('E_UNPROCESSABLE', `${where} has no text.`, { hint: 'Give a prompt.' })
  if (!(TASKS as readonly unknown[]).includes(task))
    throw new Fault('E_UNPROCESSABLE', `${where} has the unknown task "${task}".`, { hint: `Use one of ${TASKS.join(', ')}.` })
  if (!(COMPLEXITIES as readonly unknown[]).includes(complexity))
    throw new Fault('E_UNPROCESSABLE', `${where} has the unknown complexity "${complexity}".`, { hint: 'Use simple, medium or complex.' })
  return { text, task: task as Task, complexity: complexity as Complexity }
}
