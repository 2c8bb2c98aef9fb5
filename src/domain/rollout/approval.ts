import { commandLineOf } from './first-line.js'

/** What a comment says to a request for approval. */
export type ApprovalWord =
  | {
      readonly kind: 'approve' | 'deny'
      readonly pin: string
      /** The rest of the line. */
      readonly reason: string
    }
  | { readonly kind: 'malformed' }

const LONGEST_REASON = 300

/** Reads a comment; undefined for one that is no answer. */
export function parseApproval(body: string): ApprovalWord | undefined {
  const line = commandLineOf(body)
  const kind = line?.word
  if (line === undefined || (kind !== 'approve' && kind !== 'deny')) return undefined
  const [, pin = '', words = ''] = /^(\S*)\s*(.*)$/.exec(line.rest) ?? []
  if (pin === '') return { kind: 'malformed' }
  return { kind, pin, reason: [...words].slice(0, LONGEST_REASON).join('') }
}

/** A word that counts: of a person who may, for what is being deployed. */
export interface CountedWord {
  readonly kind: 'approve' | 'deny'
  readonly by: string
}

/**
 * What words come to, oldest first: of each person the last one counts, one denial denies, and without any word it is
 * pending.
 */
export function tally<W extends CountedWord>(
  words: readonly W[],
): { readonly kind: 'pending' | 'approved' | 'denied'; readonly words: readonly W[] } {
  const last = new Map<string, W>()
  for (const word of words) last.set(word.by.toLowerCase(), word)
  const all = [...last.values()]
  const denied = all.filter(({ kind }) => kind === 'deny')
  if (denied.length > 0) return { kind: 'denied', words: denied }
  return { kind: all.length > 0 ? 'approved' : 'pending', words: all }
}
