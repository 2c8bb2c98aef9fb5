import type { FileSource } from '../../comparison/open-files.js'
import { rowsOfSeasons } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { UserError } from '../../errors.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'
import type { OpenedSide } from './open-sides.js'

/** The files of a side; a profile has none, which is refused. */
export function filesOf({ raw, where }: OpenedSide, refusal: (where: string) => UserError) {
  if (raw === undefined) throw refusal(where)
  return raw
}

interface Seasons {
  readonly reference: FileSource
  readonly windows: readonly TimeWindow[] | undefined
  readonly signal: AbortSignal
}

/** For each window the rows of the reference of its season; undefined for all of them. */
export async function rowsOfUsual(
  { time }: DriftSection,
  { reference, windows, signal }: Seasons,
): Promise<readonly Uint32Array[] | undefined> {
  if (time === undefined || time.season === 'none' || windows === undefined) return undefined
  return rowsOfSeasons(reference, { windows, season: time.season }, signal)
}
