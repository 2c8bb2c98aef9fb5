import { setTimeout as wait } from 'node:timers/promises'
import { isEntry, type LedgerEntry } from '../../../domain/drift/acting/ledger.js'
import { retained } from '../../../domain/drift/acting/retention.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { TriggerLedger } from '../../../ports/events.js'
import type { RegisterContent, Registers } from '../../../ports/forge.js'

const ROUNDS = 8
/** Beyond them goes what is needed least. */
const MOST_BYTES = 200_000
const PAUSE_MS = 400

export interface RegisterLedgerOptions {
  readonly registers: Registers
  /** The register's name: a project's and workflow's own. */
  readonly name: string
  /** How many firings of one trigger the guard counts; 1 unless given. */
  readonly firings?: number | undefined
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined
  readonly random?: (() => number) | undefined
}

/** The record in a register of the forge: each change is a compare-and-swap, so that of two claims one is refused. */
export function createRegisterLedger(options: RegisterLedgerOptions): TriggerLedger {
  const { registers, name, firings = 1 } = options
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
      const content = write(retained([...before, entry], { bytes: MOST_BYTES, firings }))
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

function write(entries: readonly LedgerEntry[]): string {
  return `${JSON.stringify({ version: 1, entries })}\n`
}
