import type { ColumnKind } from '../tests/index.js'

/** How Evidently judges by one of its methods (read in its 0.7.23, the same in 0.4). */
export interface EvidentlyMethod {
  /** A score that is a p-value drifts when it is small, any other when it is large. */
  readonly score: 'p-value' | 'distance'
  /** Which columns it is for; undefined where for both. */
  readonly kind?: ColumnKind | undefined
  /** Whether a score at the threshold itself has drifted. */
  readonly inclusive: boolean
}

const P: EvidentlyMethod = { score: 'p-value', inclusive: false }
const NUMERIC_P: EvidentlyMethod = { ...P, kind: 'numeric' }
const CATEGORICAL_P: EvidentlyMethod = { ...P, kind: 'categorical' }
const DISTANCE: EvidentlyMethod = { score: 'distance', inclusive: true }

/** By the name that users write and the one that Evidently shows, which are both found in its results. */
const METHODS: ReadonlyMap<string, EvidentlyMethod> = new Map([
  ...both('ks', 'K-S p_value', { ...NUMERIC_P, inclusive: true }),
  ...both('anderson', 'Anderson-Darling', NUMERIC_P),
  ...both('cramer_von_mises', 'Cramer-von Mises', { ...NUMERIC_P, inclusive: true }),
  ...both('es', 'Epps-Singleton', NUMERIC_P),
  ...both('mannw', 'Mann-Whitney U-rank test', NUMERIC_P),
  ...both('t_test', 't_test', NUMERIC_P),
  ...both('empirical_mmd', 'empirical_mmd', NUMERIC_P),
  ...both('chisquare', 'chi-square p_value', CATEGORICAL_P),
  ...both('z', 'Z-test p_value', CATEGORICAL_P),
  ...both('g_test', 'g_test', CATEGORICAL_P),
  ...both('fisher_exact', "Fisher's Exact test", CATEGORICAL_P),
  // Its score is a p-value by permutation, in spite of the name.
  ...both('TVD', 'Total-Variation-Distance', CATEGORICAL_P),
  ...both('wasserstein', 'Wasserstein distance (normed)', { ...DISTANCE, kind: 'numeric' }),
  ...both('ed', 'Energy-distance', { score: 'distance', kind: 'numeric', inclusive: false }),
  ...both('jensenshannon', 'Jensen-Shannon distance', DISTANCE),
  ...both('kl_div', 'Kullback-Leibler divergence', DISTANCE),
  ...both('psi', 'PSI', DISTANCE),
  ...both('hellinger', 'Hellinger distance', DISTANCE),
])

function both(name: string, shown: string, method: EvidentlyMethod): [string, EvidentlyMethod][] {
  return [
    [name, method],
    [shown, method],
  ]
}

/** Undefined for a method of the user's own, or of a version that is not known here. */
export function evidentlyMethod(name: string): EvidentlyMethod | undefined {
  return METHODS.get(name)
}

/** Whether Evidently calls a score drift. */
export function hasDrifted(method: EvidentlyMethod, score: number, threshold: number): boolean {
  if (score === threshold) return method.inclusive
  return method.score === 'p-value' ? score < threshold : score > threshold
}
