import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { ensureLanguageservice } from '../install/languageservice.js'
import { repositorySlug } from './slug.js'
import type { Finding, Subject } from './subjects.js'

/** What is used of GitHub's packages, which are bundled in the cache folder and no dependency of the project. */
interface Languageservice {
  readonly TextDocument: {
    create(uri: string, language: string, version: number, text: string): unknown
  }
  readonly LogLevel: { readonly Error: number }
  setLogLevel(level: number): void
  registerLogger(logger: Record<'error' | 'warn' | 'info' | 'log', (text: string) => void>): void
  validate(document: unknown, configuration: Configuration): Promise<readonly Diagnostic[]>
}

interface Diagnostic {
  readonly message: string
  /** 1 error, 2 warning; 3 and 4 are advice for an editor. */
  readonly severity?: number
  readonly range: { readonly start: { readonly line: number; readonly character: number } }
}

interface Configuration {
  readonly actionsMetadataProvider: {
    fetchActionMetadata(action: ActionReference): Promise<unknown>
  }
  readonly fileProvider: {
    getFileContent(reference: FileReference): Promise<{ name: string; content: string }>
  }
}

interface ActionReference {
  readonly owner: string
  readonly name: string
  readonly path?: string
}

interface FileReference {
  readonly owner?: string
  readonly repository?: string
  readonly path: string
}

/** The package keeps what it parsed by address, so that two files of one name must not have the same. */
let documents = 0

/** Checks workflows and action.yml files as GitHub's editor extension does, with our own actions' inputs at hand. */
export async function languageservice(
  root: string,
  subjects: readonly Subject[],
): Promise<{ seen: number; findings: readonly Finding[] }> {
  const service: Languageservice = await import(pathToFileURL(await ensureLanguageservice()).href)
  const slug = await repositorySlug(root)
  const crashes: string[] = []
  const note = (text: string): void => {
    crashes.push(text)
  }
  // The package logs what it could not check and goes on; a file that was not checked must not pass.
  service.setLogLevel(service.LogLevel.Error)
  service.registerLogger({ error: note, warn: () => {}, info: () => {}, log: () => {} })
  const findings: Finding[] = []
  const known = subjects.filter(({ kind }) => kind !== 'dependabot')
  for (const subject of known) {
    const name = subject.path.split('/').at(-1) ?? ''
    const place = subject.kind === 'action' ? subject.path : `.github/workflows/${name}`
    documents += 1
    const document = service.TextDocument.create(
      `file:///${documents}/${place}`,
      'yaml',
      1,
      subject.text,
    )
    const diagnostics = await service.validate(document, configuration({ root, slug, subject }))
    const serious = diagnostics.filter(({ severity }) => severity === undefined || severity <= 2)
    findings.push(...serious.map((diagnostic) => toFinding(subject.path, diagnostic)))
    for (const message of crashes.splice(0)) {
      findings.push({ tool: 'languageservice', path: subject.path, line: 1, column: 1, message })
    }
  }
  return { seen: known.length, findings }
}

function configuration(where: { root: string; slug: string; subject: Subject }): Configuration {
  const { root, slug, subject } = where
  const same = (text: string) => text.toLowerCase() === slug.toLowerCase()
  return {
    actionsMetadataProvider: {
      async fetchActionMetadata({ owner, name, path = '' }) {
        // Of other people's actions nothing is known here; actionlint knows the common ones.
        if (!same(`${owner}/${name}`)) return { name, description: '' }
        const file = join(root, path, 'action.yml')
        return existsSync(file) ? parse(await readFile(file, 'utf8')) : undefined
      },
    },
    fileProvider: {
      async getFileContent({ owner, repository, path }) {
        const remote = owner !== undefined && repository !== undefined
        if (remote && !same(`${owner}/${repository}`)) {
          throw new Error(`${owner}/${repository} is not at hand, so ${path} cannot be checked`)
        }
        const content = await readFile(join(remote ? root : subject.home, path), 'utf8')
        return { name: path, content }
      },
    },
  }
}

function toFinding(path: string, { message, range }: Diagnostic): Finding {
  const { line, character } = range.start
  return { tool: 'languageservice', path, line: line + 1, column: character + 1, message }
}
