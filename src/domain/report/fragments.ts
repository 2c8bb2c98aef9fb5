import { code, escapeMarkdown } from './escape.js'

/** Pieces that every comment and summary is put together from. */

/** Characters of a name in a cell: a table of long names is none that anybody reads. */
const NAME_LENGTH = 60

/** Characters of what we say ourselves in a cell, with names in it. */
export const WORDS_LENGTH = 120

/** A name from outside as code, cut to what a cell can hold. */
export function name(text: string): string {
  return code(brief(text))
}

/** A text from outside, cut to what a cell can hold. */
export function plain(text: string, most = NAME_LENGTH): string {
  return escapeMarkdown(brief(text, most))
}

function brief(text: string, most = NAME_LENGTH): string {
  const characters = [...text.slice(0, 4 * most)]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

/** Parts of a text with blank lines between them; empty ones are left out. */
export function paragraphs(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}

/** A block that is folded away under a summary; nothing for nothing. */
export function folded(summary: string, content: string): string {
  if (content === '') return ''
  return `<details><summary>${summary}</summary>\n\n${content.trimEnd()}\n\n</details>`
}

/** A chart under its caption; nothing where there is none. */
export function captioned(caption: string, chart: string): string {
  return chart === '' ? '' : `${caption}\n\n${chart}`
}
