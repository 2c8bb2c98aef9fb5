import { DatasetPredicate } from '../../statements/schemas/dataset.js'
import { DriftPredicate } from '../../statements/schemas/drift.js'
import { ModelPredicate } from '../../statements/schemas/model.js'
import { RolloutPredicate } from '../../statements/schemas/rollout.js'
import { TrainingPredicate } from '../../statements/schemas/training.js'
import { VerdictPredicate } from '../../statements/schemas/verdict.js'
import type { StatementKind } from '../../statements/statement.js'
import type { Section } from '../page.js'
import { datasetSection } from './dataset.js'
import { driftSection } from './drift.js'
import { modelSection } from './model.js'
import { rolloutSection } from './rollout.js'
import { trainingSection } from './training.js'
import { verdictSection } from './verdict.js'

const renderers: Readonly<Record<StatementKind, (predicate: unknown) => Section>> = {
  dataset: (predicate) => datasetSection(DatasetPredicate.parse(predicate)),
  training: (predicate) => trainingSection(TrainingPredicate.parse(predicate)),
  verdict: (predicate) => verdictSection(VerdictPredicate.parse(predicate)),
  model: (predicate) => modelSection(ModelPredicate.parse(predicate)),
  rollout: (predicate) => rolloutSection(RolloutPredicate.parse(predicate)),
  drift: (predicate) => driftSection(DriftPredicate.parse(predicate)),
}

/** A statement's section of the report. */
export function renderSection(kind: StatementKind, predicate: unknown): Section {
  return renderers[kind](predicate)
}
