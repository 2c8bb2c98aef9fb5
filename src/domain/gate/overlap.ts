import type { Problem } from '../problem.js'
import type { Source } from './source.js'

export interface Overlap {
  /** What is joined by, in the plural. */
  readonly what: string
  readonly joined: number
  readonly candidate: number
  readonly baseline: number
}

export interface Joined {
  readonly candidate: Source
  readonly baseline?: Source | undefined
  readonly minOverlap: number
}

/** Too few examples that both files hold: a comparison of the rest would be on another basis. */
export function overlapProblem(request: Joined, found: Overlap): Problem | undefined {
  const { joined, candidate, baseline } = found
  const overlap = joined / Math.max(candidate, baseline)
  if (joined > 0 && overlap >= request.minOverlap) return undefined
  return {
    code: 'MW-GATE-019',
    where: request.baseline?.file ?? '',
    what: `only ${joined} ${found.what} occur in both files: ${candidate} examples in ${request.candidate.file}, ${baseline} here, so ${percent(overlap)} join and ${percent(request.minOverlap)} must.`,
    fix: 'Evaluate both models on the same examples, or lower gate.min-overlap knowingly.',
  }
}

function percent(share: number): string {
  return `${Math.floor(share * 1000) / 10}%`
}
