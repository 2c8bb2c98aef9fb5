/** One simulated situation: a row of a report, or several. */
export interface Cell {
  /** Unique in its part: also what its random numbers are made from. */
  readonly name: string
  /** How many runs there are by default; `--runs` multiplies it. */
  readonly runs: number
  simulate(runs: number, seed: number): readonly Row[]
}

/** What a situation gave, by column of the report. */
export type Row = Readonly<Record<string, string | number>>

export interface Part {
  readonly title: string
  /** What the table shows and what it is held to, in Markdown. */
  readonly text: string
  cells(): readonly Cell[]
}

/** A share as a percentage. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}%`
}

/** The standard error of a share of so many runs. */
export function standardErrorOf(share: number, runs: number): number {
  return Math.sqrt((share * (1 - share)) / runs)
}

/** Within 1.5 points of nominal, and the noise of the simulation beside it. */
export function verdictOn(held: number, runs: number): string {
  const share = held / runs
  const noise = 3 * Math.sqrt((0.95 * 0.05) / runs)
  if (Math.abs(share - 0.95) <= 0.015) return 'within 1.5'
  const beyond = Math.abs(share - 0.95) > 0.015 + noise ? '**' : ''
  return `${beyond}${share < 0.95 ? 'low' : 'high'}${beyond}`
}
