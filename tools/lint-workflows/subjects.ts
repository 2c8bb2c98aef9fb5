import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { glob } from 'tinyglobby'

/** A file that is checked. */
export interface Subject {
  /** From the repository's root. */
  readonly path: string
  readonly kind: 'workflow' | 'action' | 'template' | 'dependabot'
  /** Ours, or written for users to copy: those may name actions by a release instead of a commit. */
  readonly audience: 'own' | 'users'
  /** The folder whose `./` the file means. */
  readonly home: string
  /** With the placeholders of a template filled in, as GitHub does when it is chosen. */
  readonly text: string
}

export interface Finding {
  readonly tool: string
  readonly path: string
  readonly line: number
  readonly column: number
  readonly message: string
}

const placeholders: readonly (readonly [RegExp, string])[] = [
  [/\$default-branch\b/g, 'main'],
  [/\$protected-branches\b/g, 'main'],
  [/\$cron-daily\b/g, '17 3 * * *'],
  [/\$cron-weekly\b/g, '17 3 * * 1'],
]

const sources = [
  { pattern: '.github/workflows/*.{yml,yaml}', kind: 'workflow', audience: 'own' },
  { pattern: '.github/dependabot.{yml,yaml}', kind: 'dependabot', audience: 'own' },
  { pattern: 'actions/*/action.{yml,yaml}', kind: 'action', audience: 'own' },
  { pattern: 'action-templates/*.{yml,yaml}', kind: 'template', audience: 'users' },
  { pattern: 'examples/**/.github/workflows/*.{yml,yaml}', kind: 'workflow', audience: 'users' },
] as const

/** All workflow and action files of a repository. */
export async function findSubjects(root: string): Promise<readonly Subject[]> {
  const subjects: Subject[] = []
  for (const { pattern, kind, audience } of sources) {
    const paths = await glob(pattern, { cwd: root, dot: true, ignore: ['**/node_modules/**'] })
    for (const path of paths.sort()) {
      const text = await readFile(join(root, path), 'utf8')
      const home =
        kind === 'workflow' ? join(root, dirname(dirname(dirname(path)))) : join(root, '.')
      subjects.push({ path, kind, audience, home, text: kind === 'template' ? filled(text) : text })
    }
  }
  return subjects
}

function filled(text: string): string {
  return placeholders.reduce((done, [name, value]) => done.replace(name, value), text)
}
