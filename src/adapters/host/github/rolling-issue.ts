import { createHash } from 'node:crypto'
import { commentMarker, neutraliseMarkers } from '../../../domain/report/comment/markers.js'
import { cutMarkdown } from '../../../domain/report/cut-markdown.js'
import type { RollingIssue, RollingIssueName } from '../../../ports/forge.js'

/** GitHub takes 65,536 characters. */
const LONGEST = 65_000
const LONGEST_TITLE = 250
const ABOUT = /^<!-- modelway:issue about=([0-9a-f]{16}) -->$/

/** The marker of the sticky comment, and below it what the issue is about. */
export function bodyOf(issue: RollingIssue): string {
  const head = `${commentMarker(issue.project, issue.workflow)}\n<!-- modelway:issue about=${digestOf(issue.about)} -->`
  return `${head}\n\n${fitted(issue.body)}`
}

/** Whether a body begins with the markers of this name. */
export function isAbout(body: string, { project, workflow }: RollingIssueName): boolean {
  const [first = '', second = ''] = linesOf(body)
  return first === commentMarker(project, workflow) && ABOUT.test(second)
}

/** The digest of what the issue with this body is about. */
export function aboutOf(body: string): string | undefined {
  return ABOUT.exec(linesOf(body)[1] ?? '')?.[1]
}

function linesOf(body: string): readonly string[] {
  return body.split(/\r\n?|\n/, 2).map((line) => line.trimEnd())
}

/** Of what an issue is about, whatever the order. */
export function digestOf(about: readonly string[]): string {
  const text = JSON.stringify([...about].sort())
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** One line, as long as GitHub takes it. */
export function titleOf({ title }: RollingIssue): string {
  const characters = [...title.replace(/\s+/g, ' ').trim()]
  return characters.length <= LONGEST_TITLE
    ? characters.join('')
    : `${characters.slice(0, LONGEST_TITLE - 1).join('')}…`
}

/** Markdown without markers of ours, as long as GitHub takes it. */
export function fitted(markdown: string): string {
  const note = 'The rest is left out: see the run.'
  return cutMarkdown(neutraliseMarkers(markdown), {
    max: LONGEST,
    measure: (text) => text.length,
    note,
  })
}
