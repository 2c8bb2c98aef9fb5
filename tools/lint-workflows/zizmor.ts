import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { parse, stringify } from 'yaml'
import { tryCommand } from '../install/command.js'
import { ensureZizmor } from '../install/zizmor.js'
import { repositorySlug } from './slug.js'
import type { Finding, Subject } from './subjects.js'

interface Report {
  readonly ident: string
  /** Accepted by a comment in the file. */
  readonly ignored: boolean
  readonly desc: string
  readonly determinations: { readonly severity: string }
  readonly locations: readonly {
    readonly symbolic: {
      readonly key: { readonly Local: { readonly verbatim_path: string } }
      readonly annotation: string
      readonly kind: string
    }
    readonly concrete: {
      readonly location: { readonly start_point: { readonly row: number; readonly column: number } }
    }
  }[]
}

/** What is accepted, with the reason, stands in zizmor.yml for our own files and in examples/zizmor.yml for users'. */
const configurations = { own: 'zizmor.yml', users: 'examples/zizmor.yml' } as const

/** Checks for weaknesses that an attacker can use: unpinned actions, wide permissions, injection, kept credentials. */
export async function zizmor(
  root: string,
  subjects: readonly Subject[],
): Promise<{ seen: number; findings: readonly Finding[] }> {
  const program = await ensureZizmor()
  const stage = await mkdtemp(join(tmpdir(), 'modelway-zizmor-'))
  try {
    const findings: Finding[] = []
    for (const audience of ['own', 'users'] as const) {
      const files = await staged(
        stage,
        subjects.filter((one) => one.audience === audience),
      )
      if (files.length === 0) continue
      const config = await configured(root, stage, audience)
      findings.push(...(await audit(program, { config, stage, files })))
    }
    return { seen: subjects.length, findings }
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/** A copy, in which a template is what it becomes and stands where a workflow does. */
async function staged(stage: string, subjects: readonly Subject[]): Promise<readonly string[]> {
  const files: string[] = []
  for (const { path, text } of subjects) {
    const file = join(stage, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    files.push(file)
  }
  return files
}

/** Users name our own actions by release, as everybody's; whose they are says package.json, and not a file of settings. */
async function configured(root: string, stage: string, audience: 'own' | 'users'): Promise<string> {
  const settings = parse(await readFile(join(root, configurations[audience]), 'utf8'))
  if (audience === 'users') {
    const policies = settings.rules['unpinned-uses'].config.policies
    policies[`${await repositorySlug(root)}/*`] = 'ref-pin'
  }
  const file = join(stage, `${audience}.zizmor.yml`)
  await writeFile(file, stringify(settings))
  return file
}

async function audit(
  program: string,
  what: { readonly config: string; readonly stage: string; readonly files: readonly string[] },
): Promise<readonly Finding[]> {
  const flags = ['--offline', '--no-progress', '--format', 'json-v1', '--strict-collection']
  const options = ['--no-exit-codes', '--config', what.config]
  const answer = await tryCommand(program, [...flags, ...options, ...what.files])
  if (answer.code !== 0) throw new Error(`zizmor ended with ${answer.code}: ${answer.stderr}`)
  const reports: readonly Report[] = JSON.parse(answer.stdout)
  return reports.filter(({ ignored }) => !ignored).map((report) => toFinding(what.stage, report))
}

function toFinding(stage: string, report: Report): Finding {
  const { locations } = report
  const place = locations.find(({ symbolic }) => symbolic.kind === 'Primary') ?? locations[0]
  const start = place?.concrete.location.start_point
  const details = place?.symbolic.annotation ?? ''
  return {
    tool: 'zizmor',
    path: relative(stage, place?.symbolic.key.Local.verbatim_path ?? stage),
    line: (start?.row ?? 0) + 1,
    column: (start?.column ?? 0) + 1,
    message: `${report.desc}: ${details} [${report.ident}, ${report.determinations.severity}]`,
  }
}
