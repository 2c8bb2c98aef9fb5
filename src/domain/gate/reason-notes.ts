import type { Pair } from './examples.js'
import { countCodes } from './settling.js'
import { countText } from './wording.js'

/** Groups named in a reason; of more the number is told. */
const GROUPS_SHOWN = 6

interface Names {
  readonly cluster?: string | undefined
  readonly weight?: string | undefined
}

/** What the uncertainty rests on, where it is not one example a row: `clustered by user: 120 clusters, weighted by w`. */
export function unitsText(pair: Pair | undefined, names: Names | undefined): string {
  const { clusters, weights } = pair?.candidate ?? {}
  const parts: string[] = []
  if (clusters !== undefined) {
    const by = names?.cluster === undefined ? '' : ` by ${names.cluster}`
    parts.push(`clustered${by}: ${countText(countCodes(clusters))} clusters`)
  }
  if (weights !== undefined) {
    parts.push(names?.weight === undefined ? 'weighted' : `weighted by ${names.weight}`)
  }
  if (pair?.unpaired === true) {
    parts.push(`unpaired, ${countText(pair.baseline?.n ?? 0)} examples of the baseline`)
  }
  return parts.join(', ')
}

/** Of a fairness metric: how large the groups are that it compares. Starts with a separator; empty for other metrics. */
export function groupSizes(pair: Pair | undefined): string {
  const groups = pair?.candidate.groups
  if (groups === undefined) return ''
  const sizes = new Int32Array(groups.names.length)
  for (const code of groups.codes) if (code >= 0) sizes[code] = (sizes[code] ?? 0) + 1
  const present = groups.names.flatMap((name, code) => {
    const size = sizes[code] ?? 0
    return size === 0 ? [] : [`${name} ${countText(size)}`]
  })
  const more = present.length - GROUPS_SHOWN
  const rest = more > 0 ? `, and ${more} more groups` : ''
  return `; groups: ${present.slice(0, GROUPS_SHOWN).join(', ')}${rest}`
}
