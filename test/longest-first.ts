import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that start dozens of processes or simulate at length. */
const LONGEST = [
  'cli/program',
  'bench/bench',
  'batch/kill',
  'batch/storm',
  'clients/switching',
  'simulate/behaviour',
  'cli/readme',
  'verify/verify',
  'cli/service-run',
  'cli/package',
]

/** Begins with the longest files, so that none is left to run alone at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rest = new Set(await super.sort(files))
    const longest = LONGEST.flatMap((name) => files.filter(({ moduleId }) => moduleId.endsWith(`/test/${name}.test.ts`)))
    for (const file of longest) rest.delete(file)
    return [...longest, ...rest]
  }
}
