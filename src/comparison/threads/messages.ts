import type { ColumnComparison } from '../../domain/drift/decide.js'
import {
  CancelledError,
  ExternalError,
  type ExternalErrorDetails,
  type Problem,
  UserError,
} from '../../errors.js'
import type { DataSetOptions, OpenedFacts } from '../../tabular/data-set/data-set-options.js'
import type { FileSource } from '../open-files.js'
import type { ComparisonRequest } from '../request.js'
import type { SummarySource } from '../source.js'
import type { SummariseOptions } from '../summaries/summarise.js'

/** What a thread is asked. */
export type Task =
  | { readonly kind: 'open'; readonly options: DataSetOptions }
  | {
      readonly kind: 'summarise'
      readonly facts: OpenedFacts
      readonly options: SummariseOptions
    }
  | {
      readonly kind: 'compare'
      /** The same number for the same request: a thread keeps what it opened for it. */
      readonly context: number
      /** A thread that was given a request without columns of its own is given the context alone from then on. */
      readonly request: ComparisonRequest | undefined
      readonly column: string
    }

export type Answer = FileSource | SummarySource | readonly ColumnComparison[]

/** A thread has one task at a time. */
export interface Asked {
  readonly task: Task
}

export type Reply = { readonly answer: Answer } | { readonly failure: Failure }

/** An error on its way between threads, which know it by its class no longer. */
export type Failure =
  | { readonly kind: 'user'; readonly problems: readonly Problem[] }
  | { readonly kind: 'external'; readonly details: ExternalErrorDetails }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string | undefined }

export function failureOf(error: unknown): Failure {
  if (error instanceof UserError) return { kind: 'user', problems: error.problems }
  if (error instanceof ExternalError) return { kind: 'external', details: error.details }
  if (error instanceof CancelledError) return { kind: 'cancelled' }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  return { kind: 'bug', message, stack }
}

export function errorOf(failure: Failure): Error {
  if (failure.kind === 'user') return new UserError(failure.problems)
  if (failure.kind === 'external') return new ExternalError(failure.details)
  if (failure.kind === 'cancelled') return new CancelledError()
  const error = new Error(failure.message)
  if (failure.stack !== undefined) error.stack = failure.stack
  return error
}
