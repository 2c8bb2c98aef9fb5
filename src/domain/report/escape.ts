/**
 * Text from outside (metric names, slice values, file names, titles) made safe for GitHub's Markdown.
 * It may not start a mention, an issue reference, a link, an image, HTML, emphasis, or end a table cell.
 */

const MAX_TEXT = 300

/** Control and format characters, line breaks and direction overrides: shown as a space, since they could hide text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]+/gu

/** Every ASCII character that Markdown, HTML or GitHub's autolinks give a meaning to. */
const SPECIAL = /[\\`*_{}[\]()<>#+\-!|~&@:$^="'/]/g

/** A string in the middle of Markdown text or a table cell: shown literally, on one line, cut at 300 characters. */
export function escapeMarkdown(text: string): string {
  return escapeUpTo(MAX_TEXT, text)
}

/** As `escapeMarkdown`, for a text that may be of more or must be of fewer characters. */
export function escapeUpTo(most: number, text: string): string {
  return shorten(clean(text), most)
    .trim()
    .replace(SPECIAL, entity)
    .replace(/(www)\./gi, '$1&#46;')
    .replace(/^(\d+)\.(?=\s|$)/, '$1&#46;')
    .replace(REFERENCE, (sign) => `${sign}<!-- -->`)
}

/**
 * GitHub looks for mentions, issues (`#1`, `GH-1`) and addresses in the text that entities have become, where an empty
 * comment still keeps the sign from what follows it.
 */
const REFERENCE = /&#(?:64|35);|(?<=\bgh)&#45;/gi

/** A string as code. Falls back to an HTML code element, whose entities also hold inside table cells. */
export function code(text: string): string {
  return `<code>${shorten(clean(text)).replace(/[^\p{L}\p{N} ]/gu, entity)}</code>`
}

/** A string for HTML text or a double-quoted attribute. */
export function escapeHtml(text: string): string {
  return clean(text).replace(/[&<>"'`]/g, entity)
}

/** A Markdown table; cells are inserted as they are, so escape what comes from outside. No rows: an empty string. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const lines = [header, header.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  )
  return `${lines.join('\n')}\n`
}

function clean(text: string): string {
  return text.replace(UNPRINTABLE, ' ')
}

function shorten(text: string, most = MAX_TEXT): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`
}
