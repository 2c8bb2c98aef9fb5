import { join } from 'node:path'
import type { Workspace } from '../files/workspace.js'
import type { Host } from '../ports/host.js'
import { type RecordStore, statementFile } from '../statements/record.js'
import { attempt } from './attempt.js'
import type { ActionContract } from './contract.js'
import type { JobOutcome, JobReport } from './job.js'

interface Keeping {
  readonly host: Host
  readonly record: RecordStore
  readonly workspace: Workspace
  readonly contract: ActionContract
}

/** What later runs compare with. That it cannot be kept is told and decides nothing: they will say what they miss. */
export async function keepForLater(
  outcome: JobOutcome | JobReport,
  { host, record, workspace, contract }: Keeping,
): Promise<void> {
  if (outcome.subject === undefined || outcome.keep === undefined) return
  const { name, files } = outcome.keep
  if (host.artifacts === undefined) {
    host.log.warn('Nothing was kept for later runs: this run has no service for artifacts.')
    return
  }
  const statement = join(record.directory, statementFile(contract.statement))
  await attempt('What later runs compare with', host, async () => {
    await host.artifacts?.upload(name, [...files, statement], workspace.root)
  })
}
