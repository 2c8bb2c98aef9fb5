import type { StatementKind } from '../../statements/statement.js'
import type { Section } from '../page.js'

type Render = (predicate: unknown) => Promise<Section>

/** A section is loaded with its statement: what draws charts takes longer to load than most jobs take. */
const renderers: Readonly<Record<StatementKind, Render>> = {
  dataset: async (predicate) => {
    const { DatasetPredicate } = await import('../../statements/schemas/dataset.js')
    return (await import('./dataset.js')).datasetSection(DatasetPredicate.parse(predicate))
  },
  training: async (predicate) => {
    const { TrainingPredicate } = await import('../../statements/schemas/training.js')
    return (await import('./training.js')).trainingSection(TrainingPredicate.parse(predicate))
  },
  verdict: async (predicate) => {
    const { VerdictPredicate } = await import('../../statements/schemas/verdict.js')
    return (await import('./verdict.js')).verdictSection(VerdictPredicate.parse(predicate))
  },
  model: async (predicate) => {
    const { ModelPredicate } = await import('../../statements/schemas/model.js')
    return (await import('./model.js')).modelSection(ModelPredicate.parse(predicate))
  },
  rollout: async (predicate) => {
    const { RolloutPredicate } = await import('../../statements/schemas/rollout.js')
    return (await import('./rollout.js')).rolloutSection(RolloutPredicate.parse(predicate))
  },
  drift: async (predicate) => {
    const { DriftPredicate } = await import('../../statements/schemas/drift.js')
    const { driftSection, hasFigures } = await import('./drift.js')
    const drift = DriftPredicate.parse(predicate)
    return driftSection(drift, hasFigures(drift) ? await import('./drift-figures.js') : undefined)
  },
}

/** A statement's section of the report. */
export function renderSection(kind: StatementKind, predicate: unknown): Promise<Section> {
  return renderers[kind](predicate)
}
