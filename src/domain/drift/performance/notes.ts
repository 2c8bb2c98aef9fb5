import { percent } from '../wording.js'
import type { Calibration } from './calibration.js'
import type { Labelled } from './labelled.js'
import type { MetricResult } from './result.js'
import type { PerformanceData } from './rows.js'

interface Noted {
  readonly data: PerformanceData
  readonly metrics: readonly MetricResult[]
  readonly reference: Labelled
  readonly current: Labelled
  readonly calibration: Calibration | undefined
}

/** What a reader must know to believe the numbers. */
export function notesOf(noted: Noted): string[] {
  const { data, metrics, reference, current, calibration } = noted
  const estimated = metrics.some(({ basis }) => basis === 'estimated')
  const notes = [
    estimated &&
      'Estimates without labels assume that inputs and labels are related as in the reference: they see what a change of the inputs does, and no change of that relation.',
    estimated &&
      'They hold for a reference that the model was not trained on: of training rows a model is surer than of others.',
    calibration?.result.method === 'isotonic' &&
      'The scores were not calibrated in the reference: an isotonic curve of the reference was applied to them.',
    data.task === 'regression' &&
      current.labelled === 0 &&
      'Errors of numbers are not estimated without labels: that would need a model of the errors.',
    ...coverageNotes(reference, 'reference'),
    ...coverageNotes(current, 'current'),
  ]
  return notes.filter((note) => typeof note === 'string')
}

function coverageNotes({ rows, labelled, data }: Labelled, side: string): string[] {
  const notes: string[] = []
  if (labelled > 0 && labelled < rows) {
    notes.push(
      `${percent(labelled / rows)} of the ${side} rows have a label. Where labels come sooner for some rows than for others, metrics from labels are those of these rows.`,
    )
  }
  if (data.n < labelled) {
    const lost = labelled - data.n
    notes.push(`${lost} labelled ${side} rows have no prediction or score and are left out.`)
  }
  return notes
}
