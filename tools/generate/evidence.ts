import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A test says what it shows about an outside system in a comment:
 * `@evidence GitHub REST API: contract (OpenAPI description 23.0.2)`.
 */
const TAG = /@evidence ([^:\n]+): (live|emulated|contract)(?: \(([^)\n]+)\))?/g

interface Evidence {
  readonly system: string
  readonly kind: string
  readonly against: string
  readonly test: string
}

export function evidenceTable(root: string): string {
  const found: Evidence[] = []
  for (const file of readdirSync(join(root, 'test'), {
    recursive: true,
    encoding: 'utf8',
  }).sort()) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(join(root, 'test', file), 'utf8')
    for (const [, system = '', kind = '', against = ''] of text.matchAll(TAG)) {
      found.push({
        system: system.trim(),
        kind,
        against,
        test: `test/${file.replaceAll('\\', '/')}`,
      })
    }
  }
  const rows = found
    .sort((a, b) => (`${a.system} ${a.test}` < `${b.system} ${b.test}` ? -1 : 1))
    .map(
      ({ system, kind, against, test }) =>
        `| ${system} | ${kind} | ${against} | [${test}](../${test}) |`,
    )
  return ['| System | Evidence | Against | Test |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
