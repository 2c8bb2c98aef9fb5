import type { RateMixture } from '../../policy.js'
import { createGuardedEvidence, type GuardedState } from '../guarded-evidence.js'
import type { HarmTest } from '../harm-test.js'

export interface MixtureHarmState extends GuardedState {
  readonly kind: 'mixture'
}

const NAMES: Readonly<Record<RateMixture, string>> = {
  'e-process': 'conditional-binomial-mixture',
  'normal-mixture': 'stratified-normal-mixture',
}

/** Harm by e-values that are valid at every look: the product's own tests. */
export function createMixtureHarm(
  { method, tolerance }: { readonly method: RateMixture; readonly tolerance: number },
  state?: MixtureHarmState,
): HarmTest {
  const evidence = createGuardedEvidence(
    method,
    { ratio: 1 + tolerance, direction: 'increase' },
    state,
  )
  return {
    name: NAMES[method],
    update: (counts) => evidence.update(counts),
    verdict: ({ isNoisy }) => ({ logEValue: evidence.logEValue(isNoisy) }),
    get state() {
      return { kind: 'mixture' as const, ...evidence.state }
    },
  }
}
