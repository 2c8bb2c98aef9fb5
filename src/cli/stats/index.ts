import type { Procedure } from './procedure.js'

/** The procedures by name; one is loaded when it is named. */
export const procedures: Readonly<Record<string, () => Promise<Procedure>>> = {
  delong: async () => (await import('./delong.js')).procedure,
  'paired-proportions': async () => (await import('./paired-proportions.js')).procedure,
  'unpaired-proportions': async () => (await import('./unpaired-proportions.js')).procedure,
  'paired-ratio': async () => (await import('./paired-ratio.js')).procedure,
  'ratio-of-means': async () => (await import('./ratio-of-means.js')).procedure,
  'clustered-mean': async () => (await import('./clustered-mean.js')).procedure,
  tost: async () => (await import('./tost.js')).procedure,
  'nadeau-bengio': async () => (await import('./folds.js')).nadeauBengioProcedure,
  'five-by-two': async () => (await import('./folds.js')).fiveByTwoProcedure,
  'pass-at-k': async () => (await import('./pass-at-k.js')).procedure,
  bootstrap: async () => (await import('./bootstrap.js')).procedure,
  metric: async () => (await import('./metric.js')).procedure,
  'two-sample': async () => (await import('./two-sample.js')).procedure,
  'e-process': async () => (await import('./e-process.js')).procedure,
  'sample-ratio': async () => (await import('./sample-ratio.js')).procedure,
  'confidence-sequence': async () => (await import('./confidence-sequence.js')).procedure,
  'group-sequential': async () => (await import('./group-sequential.js')).procedure,
  'kayenta-judge': async () => (await import('./kayenta-judge.js')).procedure,
}
