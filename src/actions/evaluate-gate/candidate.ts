import type { GateSection } from '../../config/gate.js'
import { readsExamples } from '../../domain/gate/evaluate.js'
import type { PointValues } from '../../domain/gate/points/point-values.js'
import type { JobContext } from '../../runtime/job.js'
import type { Subject } from '../../statements/statement.js'
import { type CandidatePoints, readCandidatePoints } from './points.js'
import { type Predictions, readPredictions } from './predictions.js'

/** What the gate judges. */
export interface Candidate {
  /** Undefined where no rule reads examples. */
  readonly predictions: Predictions | undefined
  /** The file of predictions, or of metrics where that is all; undefined where there are the training's numbers alone. */
  readonly file: CandidateFile | undefined
  readonly points: PointValues
}

export interface CandidateFile extends Subject {
  readonly kind: 'predictions' | 'metrics'
  /** Absolute. */
  readonly path: string
}

/** Reads the candidate's predictions where a rule is about examples, and its numbers. */
export async function readCandidate(context: JobContext<GateSection>): Promise<Candidate> {
  const { settings, workspace, signal } = context
  const points = readCandidatePoints(context)
  if (!readsExamples(settings.rules)) {
    return { predictions: undefined, file: metricsFile(context, points), points: points.values }
  }
  const path = workspace.resolve(settings.predictions, 'gate.predictions')
  const file = { path, shownAs: settings.predictions, role: 'candidate' as const }
  const predictions = await readPredictions(file, settings, signal)
  const digest = { sha256: predictions.sha256 }
  return {
    predictions,
    file: { kind: 'predictions', name: workspace.relative(path), digest, path },
    points: points.values,
  }
}

function metricsFile(
  { workspace }: JobContext<GateSection>,
  { file }: CandidatePoints,
): CandidateFile | undefined {
  if (file === undefined) return undefined
  const { path, sha256 } = file
  return { kind: 'metrics', name: workspace.relative(path), digest: { sha256 }, path }
}
