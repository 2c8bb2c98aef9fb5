export type CheckName = 'health' | 'schema' | 'golden' | 'warm-up' | 'latency'

/** `unclear`: what was measured shows neither; it is said, and refuses nothing. */
export type CheckStatus = 'pass' | 'fail' | 'unclear'

/** One check of an endpoint, and what was found, in words. */
export interface Check {
  readonly name: CheckName
  readonly status: CheckStatus
  readonly text: string
}

/** The first few of a list in words, and how many there are besides. None -> ''. */
export function firstFew(texts: readonly string[], most = 3, between = '; '): string {
  const shown = texts.slice(0, most).join(between)
  const rest = texts.length - most
  return rest > 0 ? `${shown}${between}and ${rest} more` : shown
}

/** A text of unknown origin in quotes, cut to what a message can hold. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}
