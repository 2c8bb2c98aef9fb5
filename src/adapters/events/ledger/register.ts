import { setTimeout as wait } from 'node:timers/promises'
import { isEntry, type LedgerEntry } from '../../../domain/drift/acting/ledger.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { TriggerLedger } from '../../../ports/events.js'
import type { RegisterContent, Registers } from '../../../ports/forge.js'

const ROUNDS = 8
/** Beyond these the oldest entries go. */
const MOST_ENTRIES = 500
const MOST_BYTES = 200_000
const PAUSE_MS = 400

export interface RegisterLedgerOptions {
  readonly registers: Registers
  /** The register's name: a project's and workflow's own. */
  readonly name: string
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined
  readonly random?: (() => number) | undefined
}

/** The record in a register of the forge: each change is a compare-and-swap, so that of two claims one is refused. */
export function createRegisterLedger(options: RegisterLedgerOptions): TriggerLedger {
  const { registers, name } = options
  const sleep = options.sleep ?? (async (milliseconds) => void (await wait(milliseconds)))
  const random = options.random ?? Math.random
  const add = async (
    entry: LedgerEntry,
    allow: (before: readonly LedgerEntry[]) => boolean,
  ): Promise<boolean> => {
    for (let round = 1; round <= ROUNDS; round++) {
      const found = await registers.read(name)
      const before = entriesIn(found, name)
      if (!allow(before)) return false
      const content = textOf([...before, entry])
      if (await registers.write(name, content, found?.version)) return true
      await sleep(PAUSE_MS * round * (0.5 + random()))
    }
    throw new ExternalError({
      code: 'MW-DRIFT-513',
      service: 'GitHub',
      what: `the record of what fired was changed ${ROUNDS} times by other runs. Let one job write it at a time.`,
      retryable: true,
    })
  }
  return {
    read: async () => entriesIn(await registers.read(name), name),
    claim: add,
    record: async (entry) => {
      await add(entry, () => true)
    },
  }
}

function entriesIn(found: RegisterContent | undefined, name: string): readonly LedgerEntry[] {
  if (found === undefined) return []
  const entries = parse(found.content)
  if (Array.isArray(entries)) return entries.filter(isEntry)
  throw new UserError({
    code: 'MW-DRIFT-514',
    where: `refs/modelway/${name}`,
    what: 'this is no record of what fired.',
    fix: `Delete the reference: git push origin :refs/modelway/${name}`,
  })
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'entries' in value
      ? value.entries
      : undefined
  } catch {
    return undefined
  }
}

function textOf(entries: readonly LedgerEntry[]): string {
  let kept = entries.slice(-MOST_ENTRIES)
  let text = write(kept)
  while (Buffer.byteLength(text) > MOST_BYTES && kept.length > 1) {
    kept = kept.slice(Math.ceil(kept.length / 8))
    text = write(kept)
  }
  return text
}

function write(entries: readonly LedgerEntry[]): string {
  return `${JSON.stringify({ version: 1, entries }, null, 1)}\n`
}
