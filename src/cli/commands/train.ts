import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { type Classifier, loadWeights, shippedClassifier } from '../../classify/index.js'
import { Fault } from '../../kit/index.js'
import { readLabelledRows, readUserWeights, replaceUserWeights, undoUserWeights } from '../../learn/index.js'
import { withOpenLedger } from '../../ledger/index.js'
import { parseTime } from '../../report/parse-time.js'
import { type Cli, examples } from '../cli.js'
import { loadSetup } from '../load-setup.js'
import { withDocument } from '../nothing-there.js'
import { ledgerPath } from '../open-ledger.js'
import { tellDaemon } from '../running-daemon.js'
import { answer, remark } from '../say.js'
import { trainingJson, trainingText } from '../train/show-training.js'
import { correctByLedger, correctByRows, methodFor, type Training, trainAnew } from '../train/training.js'

interface Options {
  readonly seed: string
  readonly since?: string
  readonly output?: string
  readonly undo?: boolean
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly anew?: boolean
  readonly correct?: boolean
}

export function define(command: Command, cli: Cli): void {
  command
    .argument(
      '[data...]',
      'labelled questions: JSON Lines of {"id", "prompt", "models": {name: {"score"}}}, gzipped or not (default: the ledger)',
    )
    .addOption(new Option('--anew', 'fit the whole model again (default with 1,000 general questions or more)').conflicts('correct'))
    .option('--correct', 'only correct the present weights (default with fewer)')
    .option('--since <time>', 'calls of the ledger from this time on, such as 30d or 2026-11-01')
    .option('--seed <n>', 'seed of the fit; the same data and seed give the same weights', '1')
    .option('--dry-run', 'measure, but do not replace the weights')
    .option('--force', 'replace the weights even if the new ones are not better')
    .option('-o, --output <file>', 'write the weights to this file instead of using them')
    // Its first name.
    .addOption(Object.assign(new Option('--out <file>').hideHelp(), { attributeName: () => 'output' }))
    .addOption(
      new Option('--undo', 'restore the weights from before the last training').conflicts([
        'anew',
        'correct',
        'since',
        'dryRun',
        'force',
        'output',
      ]),
    )
    .action((data: readonly string[], options: Options) => (options.undo === true ? undo(cli) : trainAndReplace(cli, data, options)))
  examples(command, 'llmroute train --dry-run')
}

async function undo(cli: Cli): Promise<void> {
  const { loaded } = await loadSetup(cli)
  const now = undoUserWeights(loaded.folder)
  await tellDaemon(cli, await ledgerPath(cli, loaded.config))
  const which = now === 'shipped' ? 'that ship with llmroute' : 'before the last training'
  return answer(cli, { weights: now }, () => `The weights ${which} are in use again.`)
}

async function trainAndReplace(cli: Cli, data: readonly string[], options: Options): Promise<void> {
  const { loaded, pool } = await loadSetup(cli)
  const db = await ledgerPath(cli, loaded.config)
  const present = presentWeights(loaded.folder)
  const seed = readSeed(options.seed)
  if (data.length > 0 && options.since !== undefined)
    throw new Fault('E_USAGE', '--since is for calls of the ledger, not for labelled data.', { hint: 'Leave one of the two out.' })
  const byData = (): Training => {
    const rows = readLabelledRows(data.map((path) => resolve(cli.io.cwd, path)))
    const method = options.anew === true ? 'anew' : options.correct === true ? 'correction' : methodFor(rows)
    return method === 'anew'
      ? trainAnew(rows, present, seed, (stage) => remark(cli, `llmroute: ${stage}`))
      : correctByRows(rows, present, pool.models, seed)
  }
  const byLedger = async (): Promise<Training> => {
    if (!existsSync(db))
      throw new Fault('E_EMPTY', `There is no ledger at ${db}.`, { hint: 'Give labelled data, or make some calls first.' })
    const since = options.since === undefined ? undefined : parseTime(options.since, '--since', Date.now())
    return withOpenLedger(db, { readonly: true }, (ledger) =>
      correctByLedger(ledger, present, pool.models, loaded.config.classifier.neverLearnFrom, since, seed),
    )
  }
  const training = data.length > 0 ? byData() : await byLedger()
  const { bytes } = training
  // Nothing was held out to measure on.
  if (bytes === null && training.before === 0)
    throw withDocument(new Fault('E_EMPTY', training.reason), trainingJson(training, false, null))
  const wanted = bytes !== null && (training.better || options.force === true)
  let weights: string | null = null
  if (bytes !== null && options.output !== undefined) {
    weights = resolve(cli.io.cwd, options.output)
    writeFileSync(weights, bytes)
  }
  const replaced = bytes !== null && wanted && options.output === undefined && options.dryRun !== true
  if (replaced) {
    weights = replaceUserWeights(loaded.folder, bytes)
    await tellDaemon(cli, db)
  }
  return answer(cli, trainingJson(training, replaced, weights), () => trainingText(training, replaced, weights, cli))
}

function presentWeights(folder: string): Classifier {
  const own = readUserWeights(folder)
  return own === null ? shippedClassifier() : loadWeights(own)
}

function readSeed(text: string): number {
  const seed = Number(text)
  if (!Number.isSafeInteger(seed)) throw new Fault('E_USAGE', `'${text}' is no seed.`, { hint: 'Give a whole number.' })
  return seed
}
