import { printable, withoutControls } from './printable.js'

/** Secrets, and the text with them hidden. */
export interface Masks {
  add(secret: string): void
  hide(text: string): string
  /** Text from outside for the log: no secrets, no control characters, no workflow commands. */
  forLog(text: string): string
  /** Markdown for people: no secrets, no control characters. */
  forPage(markdown: string): string
}

const SHORTEST_LINE = 4

/**
 * Hides secrets as `***`: each whole, each of its lines (from 4 characters), and as it looks inside
 * JSON and a URL. A blank secret hides nothing.
 */
export function createMasks(): Masks {
  const hidden = new Set<string>()
  let longestFirst: readonly string[] = []
  const hide = (text: string): string => {
    let safe = text
    for (const secret of longestFirst) safe = safe.replaceAll(secret, '***')
    return safe
  }
  // Twice: a secret may hold what is cleaned away, and cleaning may join the halves of another.
  return {
    hide,
    forLog: (text) => hide(printable(hide(text))),
    forPage: (markdown) => hide(withoutControls(hide(markdown))),
    add(secret) {
      for (const form of formsOf(secret)) hidden.add(form)
      longestFirst = [...hidden].toSorted((a, b) => b.length - a.length)
    },
  }
}

function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r\n?|\n/).map((line) => line.trim())
  const plain = [secret, secret.trim(), ...lines.filter((line) => line.length >= SHORTEST_LINE)]
  const wellFormed = plain.map((form) => form.replace(/[\uD800-\uDFFF]/gu, '\uFFFD'))
  const all = [
    ...plain,
    ...plain.map((form) => JSON.stringify(form).slice(1, -1)),
    ...wellFormed.map((form) => encodeURIComponent(form)),
  ]
  return all.filter((form) => form.trim() !== '')
}
