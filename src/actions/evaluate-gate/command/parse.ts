/** What a comment asks for. */
export type Command =
  | { readonly name: 'evaluate'; readonly commit: string | undefined }
  | { readonly name: 'override'; readonly commit: string | undefined; readonly reason: string }
  /** Ours by its first word, and not as it must be written. */
  | { readonly name: 'malformed'; readonly usage: string }

export const USAGE = {
  evaluate: '/evaluate, or /evaluate <the full SHA of the head commit>',
  override: '/override-gate <reason>, or /override-gate <the full SHA of the head commit> <reason>',
} as const

const LONGEST_REASON = 500

/**
 * Reads a comment. The command must be the comment's first word, and the whole comment is the command: nothing that a quoted
 * or pasted text holds is one. Undefined for every other comment.
 */
export function parseCommand(body: string): Command | undefined {
  const match = /^\/(evaluate|override-gate)(?:\s+([\s\S]*))?$/.exec(body.trim())
  if (match === null) return undefined
  const rest = (match[2] ?? '').replace(/\s+/g, ' ').trim()
  const [, commit, after = ''] = /^([0-9a-f]{40})(?: (.*))?$/.exec(rest) ?? [
    undefined,
    undefined,
    rest,
  ]
  if (match[1] === 'evaluate') {
    return after === ''
      ? { name: 'evaluate', commit }
      : { name: 'malformed', usage: USAGE.evaluate }
  }
  if (after === '') return { name: 'malformed', usage: USAGE.override }
  return { name: 'override', commit, reason: [...after].slice(0, LONGEST_REASON).join('') }
}
