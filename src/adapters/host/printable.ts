/**
 * Text from outside, made safe for a log. The runner reads every line of a step's output: a line
 * that starts with `::name` and a `##[name]` anywhere in it are commands, so both are broken up;
 * the CLI may run inside such a step as well, so that every host does this.
 */

const ESCAPE = '\u001b'
const ANSI = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007${ESCAPE}]*(?:\u0007|${ESCAPE}\\\\)?|[@-Z\\\\^_])`,
  'g',
)
/** Control characters but tab and line feed, and the marks that reorder text (CVE-2021-42574). */
const INVISIBLE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Removes terminal escapes, control characters and marks that reorder text; keeps tabs and lines. */
export function withoutControls(text: string): string {
  return text
    .replace(/\r\n?|\u0085|\u2028|\u2029/g, '\n')
    .replace(ANSI, '')
    .replace(INVISIBLE, (character) => (character === '\t' || character === '\n' ? character : ''))
}

/** `withoutControls`, and no line is a workflow command any more. */
export function printable(text: string): string {
  return withoutControls(text)
    .replace(/^([\s\ufeff]*):(?=:)/gm, '$1: ')
    .replaceAll('##[', '## [')
}
