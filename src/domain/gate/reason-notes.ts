import type { Resting } from './resting.js'
import { countText } from './wording.js'

/** Groups named in a reason; of more the number is told. */
const GROUPS_SHOWN = 6

interface Names {
  readonly cluster?: string | undefined
  readonly weight?: string | undefined
}

/** What the uncertainty rests on, where it is not one example a row: `clustered by user: 120 clusters, weighted by w`. */
export function unitsText(resting: Resting | undefined, names: Names | undefined): string {
  const parts: string[] = []
  if (resting?.clusters !== undefined) {
    const by = names?.cluster === undefined ? '' : ` by ${names.cluster}`
    parts.push(`clustered${by}: ${countText(resting.clusters)} clusters`)
  }
  if (resting?.weighted === true) {
    parts.push(names?.weight === undefined ? 'weighted' : `weighted by ${names.weight}`)
  }
  if (resting?.ofBaseline !== undefined) {
    parts.push(`unpaired, ${countText(resting.ofBaseline)} examples of the baseline`)
  }
  return parts.join(', ')
}

/** Of a fairness metric: how large the groups are that it compares. Starts with a separator; empty for other metrics. */
export function groupSizes(resting: Resting | undefined): string {
  const groups = resting?.groups
  if (groups === undefined) return ''
  const shown = groups.slice(0, GROUPS_SHOWN).map(({ name, size }) => `${name} ${countText(size)}`)
  const more = groups.length - GROUPS_SHOWN
  const rest = more > 0 ? `, and ${more} more groups` : ''
  return `; groups: ${shown.join(', ')}${rest}`
}
