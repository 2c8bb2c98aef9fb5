import { detailsChange, fenceAfter } from '../balance-markdown.js'
import { cutMarkdown } from '../cut-markdown.js'
import { linkAddress } from '../link.js'
import { type CommentDocument, renderComment, type Section, sectionBody } from './document.js'
import { storedName } from './merge.js'

/**
 * The most UTF-16 units of a comment that we write. GitHub refuses a body of more than 65,536
 * characters; units are never fewer than characters, and the rest is a margin.
 */
export const COMMENT_LIMIT = 65_000

/**
 * The body of the comment, at most `limit` UTF-16 units long. What is too much is cut in this
 * order, each cut leaving a note with the link to the full report: `<details>` blocks of the
 * longest sections; whole sections other than the newest (longest first), as long as the newest
 * then fits or until it has half of the comment; the lines at the end of the newest.
 */
export function fitComment(
  document: CommentDocument,
  newestName: string,
  limit: number = COMMENT_LIMIT,
): string {
  const newest = storedName(newestName)
  let current = document
  const over = (): number => renderComment(current).length - limit
  for (const section of longestFirst(document.sections)) {
    if (over() > 0) current = put(current, withoutDetails(section, over()))
  }
  const alone = renderComment(only(current, newest)).length
  // A newest that is too long by itself is cut in any case: the others need not all go for it.
  const enough = alone > limit ? Math.max(0, alone - limit / 2) : 0
  for (const section of longestFirst(current.sections)) {
    const stub = asStub(section)
    const shorter = stub.markdown.length < section.markdown.length
    if (section.name !== newest && shorter && over() > enough) current = put(current, stub)
  }
  if (over() > 0) current = put(current, ...shortened(current, newest, over()))
  if (over() > 0) {
    current = only(current, newest)
    current = put(current, ...shortened(current, newest, over()))
  }
  return renderComment(current)
}

function longestFirst(sections: readonly Section[]): readonly Section[] {
  return sections.toSorted((a, b) => b.markdown.length - a.markdown.length)
}

function only(document: CommentDocument, name: string): CommentDocument {
  return { ...document, sections: document.sections.filter((section) => section.name === name) }
}

function put(document: CommentDocument, ...changed: readonly Section[]): CommentDocument {
  const byName = new Map(changed.map((section) => [section.name, section]))
  const sections = document.sections.map((old) => byName.get(old.name) ?? old)
  return { ...document, sections }
}

/** The named section, its end cut off so that it is `excess` shorter. */
function shortened(document: CommentDocument, name: string, excess: number): readonly Section[] {
  return only(document, name).sections.map((section) => {
    const body = sectionBody(section.markdown)
    const max = Math.max(0, body.length - Math.max(0, excess))
    const note = cutNote(section.reportUrl)
    const markdown = cutMarkdown(body, { max, measure: (text) => text.length, note })
    return { ...section, markdown }
  })
}

function asStub(section: Section): Section {
  const name = section.name.replace(/[^\p{L}\p{N} -]/gu, '')
  return { ...section, markdown: `**${name}** ${cutNote(section.reportUrl)}` }
}

/** Markdown that says that something was cut, and where all of it is. */
function cutNote(reportUrl: string | undefined): string {
  const address = reportUrl === undefined ? undefined : linkAddress(reportUrl)
  return address === undefined
    ? "*Cut: see the full report among the run's artifacts.*"
    : `*Cut: see [the full report](${address}).*`
}

interface Block {
  readonly start: number
  readonly end: number
  readonly size: number
}

/** Drops the longest `<details>` blocks until the section is `excess` shorter or none is left. */
function withoutDetails(section: Section, excess: number): Section {
  const lines = sectionBody(section.markdown).split('\n')
  const blocks = detailsBlocks(lines).toSorted((a, b) => b.size - a.size)
  if (blocks.length === 0) return section
  const note = cutNote(section.reportUrl)
  const dropped = new Set<number>()
  let saved = -note.length - 2
  for (const block of blocks) {
    if (saved >= excess) break
    for (let line = block.start; line <= block.end; line++) dropped.add(line)
    saved += block.size
  }
  const kept = lines.filter((line, index) => !dropped.has(index) && line !== note)
  return { ...section, markdown: `${kept.join('\n').trimEnd()}\n\n${note}` }
}

/** The outermost `<details>` blocks outside code fences, by their first and last line. */
function detailsBlocks(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = []
  let depth = 0
  let start = 0
  for (const [index, change] of detailsChanges(lines).entries()) {
    const before = depth
    depth = Math.max(0, depth + change)
    if (before === 0 && depth > 0) start = index
    if (before > 0 && depth === 0) blocks.push(block(lines, start, index))
    if (before === 0 && change === 0 && isDetails(lines[index])) {
      blocks.push(block(lines, index, index))
    }
  }
  return blocks
}

function isDetails(line: string | undefined): boolean {
  return /^\s*<details[\s>].*<\/details\s*>\s*$/i.test(line ?? '')
}

function block(lines: readonly string[], start: number, end: number): Block {
  return { start, end, size: lines.slice(start, end + 1).join('\n').length + 1 }
}

/** For each line, the `<details>` that it opens less those that it closes; 0 in code fences. */
function detailsChanges(lines: readonly string[]): readonly number[] {
  let fence: ReturnType<typeof fenceAfter>
  return lines.map((line) => {
    const inFence = fence !== undefined
    fence = fenceAfter(line, fence)
    return inFence || fence !== undefined ? 0 : detailsChange(line)
  })
}
