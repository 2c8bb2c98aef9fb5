import type { Decision } from '../../decision.js'
import type { Problem } from '../../problem.js'
import type { ColumnStatus, Sides } from '../predicate.js'
import type { ColumnEntry, EntryState, HistoryEntry } from './entry.js'
import { spanOf } from './entry.js'

/** So many windows are kept. */
const MOST_ENTRIES = 1000
/** And so much text: a table of a thousand columns shall not make a file that nobody can commit. */
const MOST_TEXT = 16 * 1024 * 1024

export interface ReadHistory {
  /** The oldest first, each window once. */
  readonly entries: readonly HistoryEntry[]
  /** Lines that hold something else, at most ten of them. */
  readonly problems: readonly Problem[]
  /** Whether the last line was cut off, as by a run that died: it is left out. */
  readonly torn: boolean
}

const MOST_PROBLEMS = 10
const FIX = 'Mend or remove the line, or name another file in drift.history.'

/** Reads the text of a history. `file` is how the file is called in problems. */
export function readHistory(text: string, file: string): ReadHistory {
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  const entries: HistoryEntry[] = []
  const problems: Problem[] = []
  let torn = false
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    const read = readLine(line)
    if ('entry' in read) entries.push(read.entry)
    // A line that ends in a line break was written whole.
    else if (index === lines.length - 1 && read.cut) torn = true
    else if (problems.length < MOST_PROBLEMS) {
      const where = `${file}, line ${index + 1}`
      problems.push({ code: read.code, where, what: read.what, fix: FIX })
    }
  }
  return { entries: inOrder(entries), problems, torn }
}

/**
 * The history with these windows added, the oldest first. A window that was there is replaced, so that a run that is
 * repeated changes nothing; beyond 1000 windows, or 16 MiB of text, the oldest are left out.
 */
export function addEntries(
  entries: readonly HistoryEntry[],
  added: readonly HistoryEntry[],
): readonly HistoryEntry[] {
  const all = inOrder([...entries, ...added]).slice(-MOST_ENTRIES)
  let size = 0
  const kept = all.findLastIndex((entry) => {
    size += writeLine(entry).length
    return size > MOST_TEXT
  })
  return all.slice(kept + 1)
}

/** The text of a history: one line an entry. */
export function writeHistory(entries: readonly HistoryEntry[]): string {
  return entries.map(writeLine).join('')
}

function writeLine(entry: HistoryEntry): string {
  return `${JSON.stringify(entry)}\n`
}

/** Each window once, as it was written last; by where they lie in time, and otherwise by when they were judged. */
function inOrder(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const byWindow = new Map<string, HistoryEntry>()
  for (const entry of entries) byWindow.set(entry.window, entry)
  const placed = [...byWindow.values()].map((entry) => ({ entry, time: timeOf(entry) }))
  placed.sort((a, b) => a.time - b.time)
  return placed.map(({ entry }) => entry)
}

function timeOf({ window, at }: HistoryEntry): number {
  return spanOf(window)?.start ?? Date.parse(at)
}

type ReadLine =
  | { readonly entry: HistoryEntry }
  | { readonly code: string; readonly what: string; readonly cut: boolean }

function readLine(line: string): ReadLine {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { code: 'MW-DRIFT-801', what: 'it is not JSON', cut: true }
  }
  const version = isRecord(value) ? value['schema_version'] : undefined
  if (typeof version === 'number' && version > 1) {
    const what = `it is of version ${version}, which a newer release wrote`
    return { code: 'MW-DRIFT-802', what, cut: false }
  }
  if (!isEntry(value)) {
    return { code: 'MW-DRIFT-803', what: 'it is no result of a window', cut: false }
  }
  return { entry: value }
}

type Unknown = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const STATES: ReadonlySet<unknown> = new Set<EntryState>(['judged', 'no-data', 'late'])
const DECISIONS: ReadonlySet<unknown> = new Set<Decision>(['pass', 'warn', 'fail', 'inconclusive'])
const STATUSES: ReadonlySet<unknown> = new Set<ColumnStatus>([
  'drifted',
  'unconfirmed',
  'stable',
  'inconclusive',
])

function isEntry(value: unknown): value is HistoryEntry {
  if (!isRecord(value) || value['schema_version'] !== 1) return false
  const { window, at, state, decision, rows, driftedShare, columns } = value
  return [
    typeof window === 'string' && window !== '',
    typeof at === 'string' && Number.isFinite(Date.parse(at)),
    STATES.has(state) && DECISIONS.has(decision),
    isSides(rows) && isNumber(driftedShare),
    isRecord(columns) && Object.values(columns).every(isColumn),
  ].every(Boolean)
}

function isSides(value: unknown): value is Sides {
  return isRecord(value) && isNumber(value['reference']) && isNumber(value['current'])
}

function isColumn(value: unknown): value is ColumnEntry {
  if (!isRecord(value) || !STATUSES.has(value['status'])) return false
  return ['distance', 'threshold', 'adjustedPValue'].every(
    (key) => value[key] === null || isNumber(value[key]),
  )
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}
