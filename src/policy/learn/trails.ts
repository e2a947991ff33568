import type { ModelRev } from '../../catalog/types.js'
import type { Task } from '../../classify/types.js'
import { modelOf } from '../candidate.js'
import type { Learned } from './learn.js'
import { type Residuals, type Trail, type Tree, trailTo } from './residuals.js'

/** Where to find what was learned of one model. */
export interface ModelTrails {
  readonly pace: Trail
  /** A slower service is the same model: it reads and writes as the model does. */
  readonly tokenizer: Trail
  /** By size of the prompt. */
  ttft(size: string): Trail
  output(task: Task): Trail
}

interface Known {
  readonly ttft: Tree
  readonly pace: Tree
  readonly tokenizer: Tree
  readonly taskOutput: Tree
  readonly modelOutput: Tree
  readonly models: WeakMap<ModelRev, ModelTrails>
  readonly tasks: Map<string, Trail>
}

/** Trails of all that is learned on: every answer and every decision goes the same few ways. */
const known = new WeakMap<Learned, Known>()

function knownOf(learned: Learned): Known {
  let found = known.get(learned)
  if (found === undefined) {
    const { ttft, pace, tokenizer, taskOutput, modelOutput } = learned
    const trees = {
      ttft: treeOf(ttft),
      pace: treeOf(pace),
      tokenizer: treeOf(tokenizer),
      taskOutput: treeOf(taskOutput),
      modelOutput: treeOf(modelOutput),
    }
    found = { ...trees, models: new WeakMap(), tasks: new Map() }
    known.set(learned, found)
  }
  return found
}

function treeOf(root: Residuals): Tree {
  return { root, changes: 0 }
}

/** No function makes the trail: what is asked for millions of times should leave nothing behind. */
function trailBy(trails: Map<string, Trail>, tree: Tree, above: readonly string[], name: string): Trail {
  let trail = trails.get(name)
  if (trail === undefined) {
    trail = trailTo(tree, [...above, name])
    trails.set(name, trail)
  }
  return trail
}

const FROM_ROOT: readonly string[] = []

/** To what answers of everyone to a task have shown. */
export function taskTrail(learned: Learned, task: Task): Trail {
  const { tasks, taskOutput } = knownOf(learned)
  return trailBy(tasks, taskOutput, FROM_ROOT, task)
}

export function trailsOf(learned: Learned, rev: ModelRev): ModelTrails {
  const { models, pace, tokenizer, ttft, modelOutput } = knownOf(learned)
  let trails = models.get(rev)
  if (trails === undefined) {
    const [sizes, tasks] = [new Map<string, Trail>(), new Map<string, Trail>()]
    const [service, model] = [
      [rev.provider, rev.id],
      [rev.provider, modelOf(rev)],
    ]
    trails = {
      pace: trailTo(pace, service),
      tokenizer: trailTo(tokenizer, model),
      ttft: (size) => trailBy(sizes, ttft, service, size),
      output: (task) => trailBy(tasks, modelOutput, model, task),
    }
    models.set(rev, trails)
  }
  return trails
}
