import type { DriftTime } from '../../config/drift/rows.js'
import type { DriftSection } from '../../config/drift.js'
import { decideColumns } from '../../domain/drift/decide.js'
import type { DriftPredicateBody } from '../../domain/drift/predicate.js'
import { UserError } from '../../errors.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'
import { windowName } from './windows.js'

/** A point in time that nothing can have happened up to. */
export function refuseFuture(
  end: string,
  { newest, now }: { readonly newest: number | undefined; readonly now: number },
): void {
  const asked = Date.parse(end)
  if (Number.isNaN(asked) || asked <= now || (newest !== undefined && newest >= asked)) return
  throw new UserError({
    code: 'MW-DRIFT-012',
    where: 'drift.time.end',
    what: `${end} lies in the future: the window cannot be complete.`,
    fix: 'Give a point in the past, or `latest` or `now`.',
  })
}

const DAY = 86_400_000
/** How long a season lasts at most. */
const SEASONS = { none: Number.POSITIVE_INFINITY, hour: DAY / 24, weekday: DAY, month: 31 * DAY }

/** A window is compared with the rows of the season that it starts in: a longer one would be compared with a part of itself. */
export function refuseLongWindow({ season, window }: Pick<DriftTime, 'season' | 'window'>): void {
  if (window <= SEASONS[season]) return
  throw new UserError({
    code: 'MW-DRIFT-039',
    where: 'drift.time.season',
    what: `a window is longer than one ${season}, and only rows of the ${season} that it starts in would be compared.`,
    fix: 'Shorten drift.time.window, or take a longer season or none.',
  })
}

/** The result where there is nothing to judge: of no columns, and inconclusive. */
export function nothingToJudge(
  settings: DriftSection,
  referenceRows: number,
  {
    state,
    window,
  }: { readonly state: 'late' | 'no-data'; readonly window?: TimeWindow | undefined },
): DriftPredicateBody {
  const facts = { rows: { reference: referenceRows, current: 0 }, findings: [] }
  const which = window === undefined ? 'the window' : `the window ${windowName(window)}`
  const reason =
    state === 'late'
      ? `${which} may still be filling: it is not judged yet`
      : `${which} holds no row: that is no drift, and not its absence`
  return { ...decideColumns(settings, [], facts), reason }
}
