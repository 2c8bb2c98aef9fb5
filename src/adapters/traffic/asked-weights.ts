import type { DeploySection } from '../../config/deploy.js'
import { stagesOf } from '../../domain/rollout/policy.js'

/** The weights that a rollout by these settings will ask for; undefined where the settings do not say (it is switched, or goes on). */
export function askedWeights({
  mode,
  steps,
  soak,
}: Pick<DeploySection, 'mode' | 'steps' | 'soak'>): readonly number[] | undefined {
  switch (mode) {
    case 'canary':
    case 'shadow':
    case 'blue-green':
    case 'ab':
      return stagesOf({ mode, steps, soakMs: soak })
    default:
      return undefined
  }
}
