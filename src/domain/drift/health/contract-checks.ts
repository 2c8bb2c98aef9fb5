import { breachWords } from '../../quality/breach-words.js'
import { checkQuality, type Expectations } from '../../quality/check.js'
import type { Table } from '../../table/column.js'
import { labelOf } from '../label.js'
import { type HealthCheck, healthCheck } from './result.js'

/** The checks of a data contract over the files of the current data, as setup-data makes them. */
export function contractChecks(
  expectations: Expectations,
  files: readonly Table[],
): readonly HealthCheck[] {
  return checkQuality(expectations, files).map((check) =>
    healthCheck({
      ...check,
      id: `contract.${check.id}`,
      detail:
        check.status === 'pass'
          ? 'the data contract holds'
          : labelOf(`the data contract expects ${breachWords(check)}`),
    }),
  )
}
