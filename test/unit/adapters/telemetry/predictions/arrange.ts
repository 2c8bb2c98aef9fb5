import { openPredictions } from '../../../../../src/adapters/telemetry/predictions/open-predictions.js'
import { PredictionSignals } from '../../../../../src/config/deploy/predictions.js'
import { createWorkspace } from '../../../../../src/files/workspace.js'
import type { LogReaders } from '../../../../../src/ports/log-readers.js'
import { readRecord } from '../../../../../src/tabular/csv/csv-record.js'
import { tableBatches } from '../../../../../src/tabular/table-batches.js'

export const readers: LogReaders = { csvRecord: readRecord, tables: tableBatches }

export const VERSIONS = { stable: 'v1', canary: 'v2' }

export interface Arrangement {
  readonly env?: Readonly<Record<string, string>>
  readonly output?: string
  readonly overs?: readonly number[]
  readonly slowMs?: number
  readonly signal?: AbortSignal
}

/** Signals of a log below a folder, as the settings open them. */
export function openLog(folder: string, settings: object, more: Arrangement = {}) {
  return openPredictions(PredictionSignals.parse(settings), {
    env: more.env ?? {},
    signal: more.signal ?? new AbortController().signal,
    workspace: createWorkspace(folder),
    readers,
    wanted: { output: more.output, tolerance: 1e-6, overs: more.overs ?? [], slowMs: more.slowMs },
  })
}
