import { readFileSync, statSync } from 'node:fs'
import type { DriftSection } from '../../config/drift.js'
import type { HistoryEntry } from '../../domain/drift/history/entry.js'
import { addEntries, readHistory, writeHistory } from '../../domain/drift/history/lines.js'
import { UserError } from '../../errors.js'
import { writeFileAtomically } from '../../files/atomic.js'
import { hasCode } from '../../files/errno.js'
import type { JobContext } from '../../runtime/job.js'

type Context = Pick<JobContext<DriftSection>, 'settings' | 'workspace' | 'log' | 'dryRun'>

const WHERE = 'drift.history'
/** Far more than is ever written. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * The windows of the history file, the oldest first; none where there is no file yet, or none is configured. A last line
 * that was cut off is left out with a warning; any other line that is no entry is an error, since what it said would be
 * missing from `confirm`.
 */
export function readHistoryFile({ settings, workspace, log }: Context): readonly HistoryEntry[] {
  if (settings.history === undefined) return []
  const path = workspace.resolve(settings.history, WHERE)
  const text = textOf(path, settings.history)
  if (text === undefined) return []
  const { entries, problems, torn } = readHistory(text, settings.history)
  if (problems.length > 0) throw new UserError(problems)
  if (torn) log.warn(`${settings.history}: the last line was cut off, and is left out.`)
  return entries
}

/**
 * Adds windows to the history file, which is replaced as a whole: a reader sees it old or new, never half. The file is
 * read again, so that what another run wrote meanwhile stays. A window that is there already is replaced. A dry run
 * writes nothing. Returns the windows as they are then.
 */
export function addToHistoryFile(
  context: Context,
  added: readonly HistoryEntry[],
): readonly HistoryEntry[] {
  const { settings, workspace, dryRun } = context
  const entries = addEntries(readHistoryFile(context), added)
  if (settings.history === undefined || dryRun || added.length === 0) return entries
  const path = workspace.resolve(settings.history, WHERE)
  try {
    writeFileAtomically(path, writeHistory(entries))
  } catch (error) {
    throw unusable(settings.history, error)
  }
  return entries
}

function textOf(path: string, shown: string): string | undefined {
  try {
    if (statSync(path).size > MOST_BYTES) throw new Error('it is larger than any history')
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw unusable(shown, error)
  }
}

function unusable(file: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UserError(
    {
      code: 'MW-DRIFT-804',
      where: WHERE,
      what: `${JSON.stringify(file)} cannot be read or written as a history: ${reason}.`,
      fix: 'Name a file below the working directory that this job may write.',
    },
    { cause },
  )
}
