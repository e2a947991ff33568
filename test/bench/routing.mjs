// Development side of the routing table: `npm run bench:routing -- DATA.jsonl.gz...` after `npm run build`.
// Every figure is out of fold: five folds by hash, whole subjects, whole task families, a whole source left out.
// `--weights FILE.ts` also writes the weights fitted on all rows as src/classify/weights.data.ts has them; `--json FILE` the figures.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as classify from '../../dist/classify/index.js'
import * as learn from '../../dist/learn/index.js'
import { foldOfSource, foldsByFamily, foldsBySubject } from './folds.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    weights: { type: 'string' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
if (positionals.length === 0) {
  console.error('usage: npm run bench:routing -- DATA.jsonl.gz... [--quick] [--seed N] [--weights FILE.ts] [--json FILE]')
  process.exit(2)
}
const seed = Number(values.seed)
const data = learn.prepare(learn.readLabelledRows(positionals))
const clusters = learn.clusterNearDuplicates(data.rows)
const score = (folds) =>
  learn.scoreOutOfFold(data, clusters, folds, seed, (fold) => console.error(`  ${fold.name}: ${fold.test.length} rows`))
const source = (row) => data.rows[row].source
const exam = (row) => data.labels[row].kind === 'exam'

const hash = score(learn.foldsByHash(data, clusters))
const scales = learn.fitScales(data, hash)
const gains = []
const difficulties = []
const add = (set, parts, keep) => {
  const selection = learn.select(data, set, keep)
  if (selection.rows.filter(({ row }) => parts[row] !== undefined).length < 20) return
  gains.push(learn.measureGain(data, selection, parts, scales))
  difficulties.push(learn.measureDifficulty(data, selection, parts, scales))
}
for (const name of [...new Set(data.rows.map((r) => r.source))]) add(`${name}, five folds`, hash, (row) => source(row) === name)
const pooled = learn.selectPooled(data)
if (pooled.rows.length > 0) gains.push(learn.measureGain(data, pooled, hash, scales))
if (!values.quick) {
  const subjects = score(foldsBySubject(data, 'routellm_mmlu'))
  add('routellm_mmlu, subjects left out', subjects, (row) => source(row) === 'routellm_mmlu')
  const families = score(foldsByFamily(data))
  add('llmrouter, task left out', families, (row) => source(row) === 'llmrouter')
  add('all families, family left out', families, (row) => exam(row) && (source(row) !== 'routellm_mmlu' || row % 4 === 0))
  const whole = score([foldOfSource(data, 'llmrouter')])
  add('llmrouter, source left out', whole, (row) => source(row) === 'llmrouter')
}

const f = (x) => x.toFixed(3)
console.log('\nAPGR of gain (random 0.500)\n| set, protocol | n | gain | 95% interval | length |\n|---|---|---|---|---|')
for (const g of gains) console.log(`| ${g.set} | ${g.n} | ${f(g.apgr)} | ${f(g.interval[0])} to ${f(g.interval[1])} | ${f(g.length)} |`)
console.log('\nDifficulty\n| set, protocol | n | AUC | of length | Brier | of the mean | ECE |\n|---|---|---|---|---|---|---|')
for (const d of difficulties)
  console.log(`| ${d.set} | ${d.n} | ${f(d.auc)} | ${f(d.length)} | ${f(d.brier)} | ${f(d.baseBrier)} | ${f(d.ece)} |`)
const all = learn.measureDifficulty(
  data,
  learn.select(data, 'all sources, five folds', () => true),
  hash,
  scales,
)
console.log(`\nReliability over all sources, five folds: Brier ${f(all.brier)} (of the mean ${f(all.baseBrier)}), ECE ${f(all.ece)}`)
console.log('| said | happened | questions | |\n|---|---|---|---|')
for (const { predicted, observed, count } of all.bins)
  console.log(`| ${f(predicted)} | ${f(observed)} | ${count} | ${'█'.repeat(Math.round(observed * 40))} |`)
if (values.json) writeFileSync(values.json, JSON.stringify({ gains, difficulties, all }, null, 1))
if (values.weights) {
  const vectors = { ...learn.fitVectors(data, Int32Array.from(data.rows.keys()), seed), ...scales }
  const bytes = classify.encodeWeights(vectors, classify.FEATURES_DIGEST)
  const text = `/** Fitted weights, base64; docs/difficulty-model.md is their card and says how they were made. */\nexport const WEIGHTS =\n  '${Buffer.from(bytes).toString('base64')}'\n`
  writeFileSync(values.weights, text)
  console.log(`\nweights: ${bytes.length} bytes`)
}
