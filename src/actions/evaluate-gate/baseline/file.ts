import { statSync } from 'node:fs'
import { readPredictions } from '../predictions.js'
import type { Baseline, BaselineRequest } from './baseline.js'

/** `file:<path>`: predictions that are here. */
export async function readFileBaseline({ context, name }: BaselineRequest): Promise<Baseline> {
  const { settings, workspace, signal } = context
  const absolute = workspace.resolve(name, 'gate.baseline')
  const predictions = await readPredictions({ path: absolute, shownAs: name }, settings, signal)
  return {
    predictions,
    points: undefined,
    source: settings.baseline,
    digest: `sha256:${predictions.sha256}`,
    madeAt: statSync(absolute).mtime,
  }
}
