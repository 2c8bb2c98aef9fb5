import type { KeyedEvent } from '../domain/drift/acting/event.js'
import type { LedgerEntry } from '../domain/drift/acting/ledger.js'

/** What takes events of drift: a forge, an orchestrator, a queue, an address. */
export interface EventSender {
  /** Hands the event over; the receiver can tell by its key that it has it already. Gives a page for people, if any. */
  send(event: KeyedEvent, signal: AbortSignal): Promise<{ readonly url?: string | undefined }>
  /**
   * Whether an earlier run that died or failed had sent it after all, since a time (ISO 8601). Absent where the receiver itself
   * takes no event twice.
   */
  sentSince?(since: string): Promise<{ readonly url?: string | undefined } | undefined>
}

/** The durable record of what fired. Several runs may write at once. */
export interface TriggerLedger {
  /** In the order of writing. */
  read(): Promise<readonly LedgerEntry[]>
  /** False, and nothing claimed, where `allow` refuses in view of everything that was written before the claim. */
  claim(entry: LedgerEntry, allow: (before: readonly LedgerEntry[]) => boolean): Promise<boolean>
  record(entry: LedgerEntry): Promise<void>
}
