import { readFileSync } from 'node:fs'
import { UserError } from '../../errors.js'
import type { Workspace } from '../../files/workspace.js'
import type { RecordStore } from '../../statements/record.js'
import { DatasetPredicate } from '../../statements/schemas/dataset.js'
import { parseEnvelope, type Statement } from '../../statements/statement.js'

/** The fingerprint to compare with: of the named statement, else of the one that this run replaces. */
export function baselineFingerprint(
  baseline: string | undefined,
  workspace: Workspace,
  record: RecordStore,
): string | undefined {
  const statement = baseline === undefined ? previous(record) : readStatement(baseline, workspace)
  const parsed = DatasetPredicate.safeParse(statement?.predicate)
  if (parsed.success) return parsed.data.fingerprint
  if (baseline === undefined) return undefined
  throw notADataset(baseline)
}

/** An earlier statement that was changed by hand is no baseline, and is about to be replaced. */
function previous(record: RecordStore): Statement | undefined {
  try {
    return record.read('dataset')?.statement
  } catch {
    return undefined
  }
}

function readStatement(baseline: string, workspace: Workspace): Statement {
  const path = workspace.resolve(baseline, 'data.baseline')
  try {
    return parseEnvelope(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    throw notADataset(baseline, error)
  }
}

function notADataset(baseline: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DATA-110',
      where: baseline,
      what: 'is not a dataset statement.',
      fix: 'Name the dataset.json of an earlier run with data.baseline.',
    },
    { cause },
  )
}
