import { actionlint } from './actionlint.js'
import { languageservice } from './languageservice.js'
import { type Finding, findSubjects } from './subjects.js'
import { zizmor } from './zizmor.js'

export interface LintResult {
  readonly findings: readonly Finding[]
  /** How many files each tool looked at; a tool that saw none has found nothing out. */
  readonly seen: Readonly<Record<string, number>>
}

/** Checks every workflow, template and action.yml of a repository with all three tools. */
export async function lintWorkflows(root: string): Promise<LintResult> {
  const subjects = await findSubjects(root)
  const results = {
    actionlint: await actionlint(subjects),
    zizmor: await zizmor(root, subjects),
    languageservice: await languageservice(root, subjects),
  }
  const byPlace = (a: Finding, b: Finding) => a.path.localeCompare(b.path) || a.line - b.line
  return {
    findings: Object.values(results)
      .flatMap(({ findings }) => findings)
      .sort(byPlace),
    seen: Object.fromEntries(Object.entries(results).map(([tool, { seen }]) => [tool, seen])),
  }
}
