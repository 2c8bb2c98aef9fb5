import { balanceMarkdown, fenceAfter } from './balance-markdown.js'

/** The size of a text in bytes of UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length
}

export interface CutOptions {
  readonly max: number
  /** The size of a text in the unit of `max`; must not shrink when the text grows. */
  readonly measure: (text: string) => number
  /** Markdown put after what is kept. */
  readonly note: string
}

/**
 * Keeps the beginning of a Markdown text so that it measures at most `max`, the note included. Cuts
 * before a heading where that keeps at least half of what fits, otherwise after a whole line, and
 * closes what the cut leaves open. A text that fits is returned as it is; where not even the note
 * fits, the answer is empty.
 */
export function cutMarkdown(markdown: string, options: CutOptions): string {
  const { max, measure, note } = options
  if (measure(markdown) <= max) return markdown
  const lines = markdown.split('\n')
  let room = max - measure(note) - 2
  while (room > 0) {
    const kept = lines.slice(0, sectionEnd(lines, linesThatFit(lines, room, measure)))
    if (kept.length === 0) break
    const text = `${balanceMarkdown(kept.join('\n'))}\n\n${note}`
    const over = measure(text) - max
    if (over <= 0) return text
    room -= over
  }
  return measure(note) <= max ? note : ''
}

function linesThatFit(
  lines: readonly string[],
  room: number,
  measure: (text: string) => number,
): number {
  let size = 0
  for (const [index, line] of lines.entries()) {
    size += measure(line) + 1
    if (size > room + 1) return index
  }
  return lines.length
}

/** The last heading before `end` that keeps at least half of the lines' text; else `end`. */
function sectionEnd(lines: readonly string[], end: number): number {
  const total = lines.slice(0, end).join('\n').length
  let fence: ReturnType<typeof fenceAfter>
  let size = 0
  let best = end
  for (const [index, line] of lines.slice(0, end).entries()) {
    fence = fenceAfter(line, fence)
    const heading = fence === undefined && /^#{1,6}\s/.test(line)
    if (heading && size * 2 >= total) best = index
    size += line.length + 1
  }
  return best
}
