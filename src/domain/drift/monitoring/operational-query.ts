/** What a query of `drift.prometheus.queries` asks, with the keys that users write. Times are in milliseconds. */
export type OperationalQuery = ValuesQuery | HistogramQuery

type Level = 'fail' | 'warn'

export interface ValuesQuery {
  readonly kind: 'values'
  readonly query: string
  readonly 'at-most'?: number | undefined
  readonly 'at-least'?: number | undefined
  readonly of: 'mean' | 'last' | 'max' | 'min'
  readonly 'compare-with'?: number | undefined
  /** In standard deviations of the earlier range. */
  readonly over: number
  readonly range: number
  readonly step?: number | undefined
  readonly level: Level
}

export interface HistogramQuery {
  readonly kind: 'histogram'
  readonly query: string
  readonly 'compare-with': number
  /** Jensen-Shannon distance, base 2. */
  readonly over: number
  readonly range: number
  readonly level: Level
}

/** One series over a range of time. */
export interface Series {
  /** Milliseconds since 1970, ascending. */
  readonly times: Float64Array
  /** NaN where the expression had none (0/0), and infinite where it says so. */
  readonly values: Float64Array
}

/** How many observations lie at or below each bound: what a histogram of Prometheus holds over a range. */
export interface CumulativeCounts {
  /** Ascending, the last one infinite. */
  readonly bounds: Float64Array
  readonly counts: Float64Array
}

/** From when to when, in milliseconds since 1970. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

interface Asked {
  readonly name: string
  readonly now: TimeRange
  /** The range that is compared with; undefined where none is. */
  readonly before: TimeRange | undefined
}

export interface ValuesReading extends Asked {
  readonly kind: 'values'
  readonly query: ValuesQuery
  /** Undefined where there is no series. */
  readonly current: Series | undefined
  readonly earlier: Series | undefined
}

export interface HistogramReading extends Asked {
  readonly kind: 'histogram'
  readonly query: HistogramQuery
  /** Undefined where there is no series. */
  readonly current: CumulativeCounts | undefined
  readonly earlier: CumulativeCounts | undefined
}

export interface FailedReading extends Asked {
  readonly kind: 'failed'
  readonly query: OperationalQuery
  /** Why it could not be read, in words. */
  readonly failure: string
}

/** What the monitoring system answered to one query. */
export type OperationalReading = ValuesReading | HistogramReading | FailedReading
