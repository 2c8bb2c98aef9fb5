import { balanceMarkdown } from '../balance-markdown.js'
import {
  COMMENT_MARKER,
  commentMarker,
  decodeName,
  encodeName,
  neutraliseMarkers,
  SECTION_END,
  SECTION_START,
  sectionMarkers,
} from './markers.js'

/** One action's part of the comment. */
export interface Section {
  readonly name: string
  readonly markdown: string
  readonly reportUrl?: string | undefined
}

/** The sticky comment of a project and workflow, as parts. */
export interface CommentDocument {
  readonly project: string
  readonly workflow: string
  readonly sections: readonly Section[]
}

const PIPELINE = [
  'setup-data',
  'train-on-runner',
  'evaluate-gate',
  'register-model',
  'deploy-canary',
  'drift-check',
]

/** Sections in the order of the pipeline; names that it does not know come last, by name. */
export function inPipelineOrder(sections: readonly Section[]): readonly Section[] {
  const rank = (name: string): number => {
    const index = PIPELINE.indexOf(name)
    return index < 0 ? PIPELINE.length : index
  }
  return sections.toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1))
}

/** A section's Markdown as it can stand in the comment: no markers of ours, nothing left open. */
export function sectionBody(markdown: string): string {
  const text = markdown.replace(/\r\n?/g, '\n').replaceAll('\0', '')
  return balanceMarkdown(
    neutraliseMarkers(text)
      .replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd(),
  )
}

/** The comment's whole body, whatever its size. */
export function renderComment(document: CommentDocument): string {
  const head = commentMarker(document.project, document.workflow)
  const parts = inPipelineOrder(document.sections).map(renderSection)
  return [head, ...parts].join('\n\n')
}

function renderSection(section: Section): string {
  const { start, end } = sectionMarkers(section.name, section.reportUrl)
  return `${start}\n\n${sectionBody(section.markdown)}\n\n${end}`
}

/** True for a comment's body that begins with the marker of this project and workflow. */
export function isCommentOf(body: string, project: string, workflow: string): boolean {
  const match = COMMENT_MARKER.exec(firstLine(body))
  return match?.[1] === encodeName(project) && match?.[2] === encodeName(workflow)
}

function firstLine(body: string): string {
  return (/^[^\r\n]*/.exec(body)?.[0] ?? '').trimEnd()
}

/**
 * Reads a comment's body back into its sections; a body without our marker at its start is
 * undefined. A section whose end is missing reaches to the next one; of two of one name the later
 * stands.
 */
export function parseComment(body: string): CommentDocument | undefined {
  const match = COMMENT_MARKER.exec(firstLine(body))
  if (match === null) return undefined
  return {
    project: decodeName(match[1] ?? ''),
    workflow: decodeName(match[2] ?? ''),
    sections: inPipelineOrder(readSections(body.split(/\r\n?|\n/).slice(1))),
  }
}

function readSections(lines: readonly string[]): readonly Section[] {
  const sections = new Map<string, Section>()
  let open: { readonly section: Omit<Section, 'markdown'>; readonly lines: string[] } | undefined
  const close = (): void => {
    if (open === undefined) return
    const markdown = sectionBody(open.lines.join('\n'))
    sections.set(open.section.name, { ...open.section, markdown })
    open = undefined
  }
  for (const line of lines) {
    const start = SECTION_START.exec(line.trimEnd())
    if (start !== null) {
      close()
      const reportUrl = start[2] === undefined ? undefined : decodeName(start[2])
      open = { section: { name: decodeName(start[1] ?? ''), reportUrl }, lines: [] }
    } else if (SECTION_END.test(line.trimEnd())) close()
    else open?.lines.push(line)
  }
  close()
  return [...sections.values()]
}
