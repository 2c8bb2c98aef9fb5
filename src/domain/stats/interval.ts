/** A two-sided interval for one number, in the unit of that number. */
export interface Interval {
  readonly low: number
  readonly high: number
  /** The confidence level, such as 0.95. */
  readonly level: number
  /** The name of the method, such as `wilson`. */
  readonly method: string
}
