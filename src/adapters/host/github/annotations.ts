import { type AnnotationProperties, error, info, notice, warning } from '@actions/core'
import type { Annotation, AnnotationLevel } from '../../../ports/host.js'
import type { Clean } from './log.js'

/** The runner shows this many annotations of a level for a step and drops the rest silently. */
const PER_LEVEL = 10

/** What is left of the step's annotations; log warnings and errors are annotations too. */
export interface AnnotationBudget {
  left(level: AnnotationLevel): number
  spend(level: AnnotationLevel): void
}

export function createAnnotationBudget(): AnnotationBudget {
  const spent = { error: 0, warning: 0, notice: 0 }
  return {
    left: (level) => PER_LEVEL - spent[level],
    spend(level) {
      spent[level] += 1
    },
  }
}

const ISSUE = { error, warning, notice }

/**
 * Writes annotations within the budget. Of a level that overflows, the last place is used to count
 * the others, which are printed as plain lines so that none is lost.
 */
export function createAnnotate(
  budget: AnnotationBudget,
  clean: Clean,
): (annotations: readonly Annotation[]) => void {
  const annotateLevel = (level: AnnotationLevel, all: readonly Annotation[]): void => {
    const left = budget.left(level)
    const shown = all.length <= left ? all : all.slice(0, Math.max(0, left - 1))
    for (const annotation of shown) {
      budget.spend(level)
      ISSUE[level](clean(annotation.message), properties(annotation, clean))
    }
    const rest = all.slice(shown.length)
    if (rest.length > 0 && left > 0) {
      budget.spend(level)
      ISSUE[level](`and ${rest.length} more: see the summary`, { title: `More ${level}s` })
    }
    for (const annotation of rest) info(clean(asLine(annotation)))
  }
  return (annotations) => {
    for (const level of ['error', 'warning', 'notice'] as const) {
      const all = annotations.filter((annotation) => annotation.level === level)
      annotateLevel(level, all)
    }
  }
}

function properties(annotation: Annotation, clean: Clean): AnnotationProperties {
  const { file, line } = annotation
  return {
    title: oneLine(clean(annotation.title)),
    ...(file === undefined ? {} : { file: oneLine(clean(file)) }),
    ...(line === undefined ? {} : { startLine: line }),
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function asLine(annotation: Annotation): string {
  const line = annotation.line === undefined ? '' : `:${annotation.line}`
  const where = annotation.file === undefined ? '' : ` ${annotation.file}${line}`
  return `${annotation.level}${where}: ${annotation.title}: ${annotation.message}`
}
