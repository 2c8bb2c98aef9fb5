import { type Column, findColumn, type Table } from '../../table/column.js'
import { percent } from '../wording.js'
import type { DuplicatesRule, HealthRequest } from './policy.js'
import { type RepeatedRows, repeatedRows } from './repeated-rows.js'
import { type HealthCheck, healthCheck } from './result.js'
import { judgeShares, shareExceedsPValue } from './share.js'

/** Rows that repeat an earlier one, whole or by their key. */
export function duplicateCheck(
  { current, alpha }: HealthRequest,
  rule: DuplicatesRule,
): HealthCheck {
  const { rows } = current
  const columns = keyColumns(current, rule)
  const expected = `at most ${percent(rule['max-share'])} of rows repeated`
  if (columns === undefined || columns.length === 0 || rows === 0) {
    const detail =
      columns === undefined
        ? 'a column of the key is not in the current data'
        : 'there is no row to judge'
    return healthCheck({ ...CHECK, status: 'inconclusive', observed: 'no row', expected, detail })
  }
  const found = repeatedRows(columns, { rows, passOverBlank: rule.key !== undefined })
  const judged = rows - found.blank
  const share = judged === 0 ? 0 : found.repeated / judged
  const pValue = shareExceedsPValue(found.repeated, judged, rule['max-share'])
  const [status = 'inconclusive'] = judgeShares([{ over: share > rule['max-share'], pValue }], {
    alpha,
    level: rule.level,
  })
  return healthCheck({
    ...CHECK,
    status: judged === 0 ? 'inconclusive' : status,
    observed: share,
    expected,
    failedRows: found.repeated,
    detail: describe(found, { rows, byKey: rule.key !== undefined, tooFew: status }),
  })
}

const CHECK = { id: 'duplicates', column: null, failedRows: 0 } as const

/** Undefined where a column of the key is absent. */
function keyColumns(table: Table, { key }: DuplicatesRule): readonly Column[] | undefined {
  if (key === undefined) return table.columns
  const found = key.flatMap((name) => findColumn(table, name) ?? [])
  return found.length === key.length ? found : undefined
}

interface Words {
  readonly rows: number
  readonly byKey: boolean
  readonly tooFew: HealthCheck['status']
}

function describe(
  { repeated, blank, first }: RepeatedRows,
  { rows, byKey, tooFew }: Words,
): string {
  const what = byKey ? 'the key of an earlier one' : 'an earlier one'
  const blanks = blank === 0 ? '' : `, ${blank} have no key`
  if (first === undefined) return `none of ${rows} rows repeats ${what}${blanks}`
  const where = `the first is row ${first.row + 1}, which repeats row ${first.earlier + 1}`
  const doubt = tooFew === 'inconclusive' ? ': too few rows to tell this from chance' : ''
  return `${repeated} of ${rows} rows repeat ${what}${blanks}; ${where}${doubt}`
}
