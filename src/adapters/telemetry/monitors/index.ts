import {
  type DataSetVerdict,
  type ImportedBody,
  importedBody,
} from '../../../domain/drift/imported/body.js'
import type { ImportedResult } from '../../../domain/drift/imported/imported-result.js'
import type { DriftPolicy } from '../../../domain/drift/policy.js'
import type { DriftColumn } from '../../../domain/drift/predicate.js'
import type { Problem } from '../../../errors.js'
import { readAlibiDetect } from './alibi-detect.js'
import { readEvidently } from './evidently.js'
import { parsePythonJson, problem } from './json-text.js'

export interface DriftImport {
  readonly kind: 'evidently-json' | 'alibi-detect'
  /** The file's name, for messages. */
  readonly file: string
  readonly text: string
  readonly policy: DriftPolicy
  /** Our rule for a data set, from columns that are judged. */
  readonly decide: (policy: DriftPolicy, columns: readonly DriftColumn[]) => DataSetVerdict
}

export interface ImportedDrift {
  readonly body: ImportedBody
  /** What is worth a warning: nothing of it stops the check. */
  readonly problems: readonly Problem[]
}

/** Takes the results of another monitor to our decision. What cannot be read at all is thrown. */
export function importDrift({ kind, file, text, policy, decide }: DriftImport): ImportedDrift {
  const json = parsePythonJson(text, file)
  const result = kind === 'evidently-json' ? readEvidently(json) : readAlibiDetect(json)
  if (result === undefined || result.columns.length === 0) throw noResults(kind, file)
  checkCritical(result, file, policy)
  return { body: importedBody(result, policy, decide), problems: openColumns(result, file) }
}

function noResults(kind: DriftImport['kind'], file: string): Error {
  return kind === 'evidently-json'
    ? problem(file, {
        code: 'MW-DRIFT-602',
        what: 'it holds no drift of a column, in none of the formats of Evidently.',
        fix: 'Save a report with DataDriftPreset or ValueDrift: snapshot.save_json("drift.json").',
      })
    : problem(file, {
        code: 'MW-DRIFT-603',
        what: 'it is no prediction of a drift detector of Alibi Detect, which has data.is_drift.',
        fix: 'Save what predict gives: json.dump(detector.predict(x), file, cls=NumpyEncoder), with NumpyEncoder of alibi_detect.base.',
      })
}

function checkCritical({ columns }: ImportedResult, file: string, policy: DriftPolicy): void {
  const names = columns.map(({ name }) => name)
  const absent = policy.columns.critical.filter((name) => !names.includes(name))
  if (absent.length === 0) return
  const found = names.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 80)))
  throw problem(file, {
    code: 'MW-DRIFT-604',
    what: `it says nothing of the critical ${absent.length === 1 ? 'column' : 'columns'} ${absent.map((name) => JSON.stringify(name.slice(0, 80))).join(', ')}.`,
    fix: `Name columns that it has under drift.columns.critical: ${found.join(', ')}${names.length > 10 ? ', …' : ''}.`,
  })
}

function openColumns({ columns, source }: ImportedResult, file: string): Problem[] {
  const open = columns.filter(({ drifted }) => drifted === null)
  if (open.length === 0) return []
  const [first] = open
  return [
    {
      code: 'MW-DRIFT-605',
      where: file,
      what: `${source.monitor} does not say whether ${open.length} of ${columns.length} columns drifted, such as ${JSON.stringify(first?.name.slice(0, 80))}.`,
      fix:
        source.kind === 'evidently-json'
          ? 'Run the report with include_tests=True, which says it.'
          : "Call predict with drift_type='feature', which says it, or leave return_p_val on.",
    },
  ]
}
