import type { Procedure } from './procedure.js'

/** The procedures by name; one is loaded when it is named. */
export const procedures: Readonly<Record<string, () => Promise<Procedure>>> = {
  delong: async () => (await import('./delong.js')).procedure,
  'paired-proportions': async () => (await import('./paired-proportions.js')).procedure,
  bootstrap: async () => (await import('./bootstrap.js')).procedure,
  metric: async () => (await import('./metric.js')).procedure,
  'two-sample': async () => (await import('./two-sample.js')).procedure,
  'e-process': async () => (await import('./e-process.js')).procedure,
  'sample-ratio': async () => (await import('./sample-ratio.js')).procedure,
}
