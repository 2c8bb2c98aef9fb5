import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type LedgerEntry, readEntry, writeEntry } from '../../../domain/drift/acting/ledger.js'
import { UserError } from '../../../errors.js'
import type { TriggerLedger } from '../../../ports/events.js'

/**
 * The record as a JSON Lines file for runners that keep their files. Lines are only ever added, each by one write at the
 * file's end, so that their order is the same for everybody: of two claims the earlier line has it.
 */
export function createFileLedger(path: string): TriggerLedger {
  return {
    read: () => readAll(path),
    record: (entry) => append(path, entry),
    async claim(entry, allow) {
      await append(path, entry)
      const entries = await readAll(path)
      const own = entries.findIndex(
        ({ state, claim }) => state === 'claimed' && claim === entry.claim,
      )
      if (own >= 0 && allow(entries.slice(0, own))) return true
      const { event: _event, ...rest } = entry
      await append(path, { ...rest, state: 'released' })
      return false
    },
  }
}

async function readAll(path: string): Promise<readonly LedgerEntry[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw unusable(path, error)
  }
  // What is no entry is a line that was cut off when a run died.
  return text
    .split('\n')
    .map(readEntry)
    .filter((entry) => entry !== undefined)
}

async function append(path: string, entry: LedgerEntry): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    // The first line break ends a line that was cut off.
    await appendFile(path, `\n${writeEntry(entry)}\n`, { flush: true })
  } catch (error) {
    throw unusable(path, error)
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code
}

function unusable(path: string, cause: unknown): UserError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new UserError(
    {
      code: 'MW-DRIFT-512',
      where: path,
      what: `the record of what fired cannot be read or written: ${reason}.`,
      fix: 'Name a file of the working directory in drift.guard.record.',
    },
    { cause },
  )
}
