import { hashText } from '../../dist/kit/index.js'

/** One fold for each family of exam tasks, over all sources. */
export function foldsByFamily({ labels }) {
  const exam = labels.filter(({ kind }) => kind === 'exam')
  const families = [...new Set(exam.map(({ family }) => family))].sort()
  return families.map((family) => ({ name: family, test: rowsOf(labels, (l) => l.kind === 'exam' && l.family === family) }))
}

/** `count` folds of whole subjects of one source. */
export function foldsBySubject({ rows }, source, count = 6) {
  const subjects = [...new Set(rows.filter((r) => r.source === source).map((r) => r.task))].sort((a, b) => hashText(a) - hashText(b))
  return Array.from({ length: count }, (_, f) => {
    const own = new Set(subjects.filter((_s, i) => i % count === f))
    return { name: `subjects ${f + 1}`, test: rowsOf(rows, (r) => r.source === source && own.has(r.task)) }
  }).filter((fold) => fold.test.length > 0)
}

/** All rows of one source. */
export function foldOfSource({ rows }, source) {
  return { name: `without ${source}`, test: rowsOf(rows, (r) => r.source === source) }
}

function rowsOf(all, keep) {
  return Int32Array.from([...all.keys()].filter((i) => keep(all[i])))
}
