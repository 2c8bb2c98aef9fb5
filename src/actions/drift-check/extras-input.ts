import type { FileSource } from '../../comparison/open-files.js'
import { rowsOfWindows } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { DriftPredicateBody } from '../../domain/drift/predicate.js'
import { UserError } from '../../errors.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'
import type { OpenedSide } from './open-sides.js'
import { filesOf, rowsOfUsual } from './side-rows.js'

/** Both samples, the windows, and what the columns' own distributions said. */
export interface JudgedSides {
  readonly reference: OpenedSide
  readonly current: OpenedSide
  readonly windows: readonly TimeWindow[] | undefined
  readonly body: DriftPredicateBody
}

function typesOf({ columns }: OpenedSide): ReadonlyMap<string, string> {
  return new Map(columns.map(({ name, type }) => [name, type]))
}

export function inputOf({ reference, current, windows, body }: JudgedSides): ExtrasInput {
  return {
    // Asked for only where rows of it are needed.
    get reference() {
      return filesOf(reference, noRows)
    },
    get current() {
      return filesOf(current, noRows)
    },
    types: { reference: typesOf(reference), current: typesOf(current) },
    windows,
    body,
  }
}

export interface ExtrasInput {
  readonly reference: FileSource
  readonly current: FileSource
  /** By column. */
  readonly types: Readonly<Record<'reference' | 'current', ReadonlyMap<string, string>>>
  readonly windows: readonly TimeWindow[] | undefined
  readonly body: DriftPredicateBody
}

function noRows(where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-035',
    where,
    what: 'a profile has no rows, and multivariate, performance, health.ranges and health.outliers need those of the reference.',
    fix: 'Name the data itself as the reference, or leave these keys out.',
  })
}

/** The rows of the window that decides; undefined for all. */
export async function lastRows(
  { current, windows }: ExtrasInput,
  signal: AbortSignal,
): Promise<Uint32Array | undefined> {
  return windows && (await rowsOfWindows(current, windows, signal)).at(-1)
}

/** The rows of the reference that the deciding window is compared with; undefined for all. */
export async function usualRows(
  settings: DriftSection,
  { reference, windows }: ExtrasInput,
  signal: AbortSignal,
): Promise<Uint32Array | undefined> {
  const last = { reference, windows: windows?.slice(-1), signal }
  return (await rowsOfUsual(settings, last))?.at(-1)
}
