import type { Task } from '../metrics/metric.js'
import type { ColumnNeeds } from './needs.js'
import type { ColumnNames, Source } from './source.js'

export interface ExamplesRequest {
  readonly task: Task
  readonly candidate: Source
  readonly baseline?: Source | undefined
  readonly columns: ColumnNames
  /** What the rules read, from `columnNeeds`. */
  readonly needs: ColumnNeeds
  /** What those rules read that compare with the baseline: its file must have that, and may lack the rest. */
  readonly baselineNeeds: ColumnNeeds
  /** The positive class as text. */
  readonly positive?: string | undefined
  /** Smallest share of the larger file's examples that must join, as 0.95. */
  readonly minOverlap: number
  /** What separates the labels in the cells of label and prediction, where an example has several. */
  readonly multiLabel?: string | undefined
  /** A missing prediction is an error (`refuse`, the default), or of a class that is never right. */
  readonly abstentions?: 'refuse' | 'wrong' | undefined
  /** `none`: the baseline was evaluated on other examples, and nothing is joined. */
  readonly pairing?: 'id' | 'none' | undefined
}
