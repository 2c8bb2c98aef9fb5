import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.js'
import type { Workspace } from '../files/workspace.js'
import { hashFile } from '../tabular/hash-file.js'
import {
  brokenLink,
  formatSums,
  type Recorded,
  readStatement,
  readSums,
  statementFile,
  sumsFile,
} from './record.js'
import { predicateType, type StatementKind, type Subject, statementKinds } from './statement.js'

/** One thing that was checked, in the order of the chain. */
export interface VerifiedLink {
  readonly kind: StatementKind
  /** What was compared: a statement, a link, or a file. */
  readonly what: string
}

export interface Verification {
  readonly checked: readonly VerifiedLink[]
  /** The first link that does not hold; undefined when all do. */
  readonly broken: UserError | undefined
}

/** Checks all statements of a record, their links and the files that they are about, from data to production. */
export async function verifyRecord(directory: string, workspace: Workspace): Promise<Verification> {
  const checked: VerifiedLink[] = []
  try {
    requireRecord(directory)
    checkSums(directory)
    const found = new Map<StatementKind, Recorded>()
    for (const kind of statementKinds) {
      const recorded = readListed(directory, kind)
      if (recorded === undefined) continue
      found.set(kind, recorded)
      checked.push({ kind, what: statementFile(kind) })
      for (const what of checkLinks(recorded, found)) checked.push({ kind, what })
      for (const { name, digest } of filesOf(recorded)) {
        await checkFile(recorded, { name, sha256: digest.sha256 }, workspace)
        checked.push({ kind, what: name })
      }
    }
    return { checked, broken: undefined }
  } catch (error) {
    if (error instanceof UserError) return { checked, broken: error }
    throw error
  }
}

function requireRecord(directory: string): void {
  if (existsSync(join(directory, sumsFile))) return
  throw new UserError({
    code: 'MW-RECORD-003',
    where: directory,
    what: `there is no record: ${sumsFile} does not exist.`,
    fix: 'Name the folder of the statements with --statements.',
  })
}

/** The list itself must be as it was written: the same lines in the same order, and nothing else. */
function checkSums(directory: string): void {
  const content = readFileSync(join(directory, sumsFile), 'utf8')
  if (content === formatSums(readSums(directory)) && content !== '') return
  throw new UserError({
    code: 'MW-RECORD-004',
    where: sumsFile,
    what: 'the list of digests was changed after it was written.',
    fix: 'Restore it, or run the steps again.',
  })
}

function readListed(directory: string, kind: StatementKind): Recorded | undefined {
  const recorded = readStatement(directory, kind)
  const listed = readSums(directory).get(statementFile(kind))
  const expected = listed === undefined ? undefined : `sha256:${listed}`
  if (recorded?.digest === expected) return recorded
  throw new UserError({
    code: 'MW-RECORD-005',
    where: statementFile(kind),
    what: `is ${recorded?.digest ?? 'absent'}, but ${sumsFile} lists ${expected ?? 'no such statement'}.`,
    fix: 'Restore it, or run the step that writes it again.',
  })
}

function checkLinks(
  recorded: Recorded,
  found: ReadonlyMap<StatementKind, Recorded>,
): readonly string[] {
  const names: string[] = []
  for (const link of recorded.statement.predicate.inputs) {
    const kind = statementKinds.find((candidate) => predicateType(candidate) === link.predicateType)
    const source = kind === undefined ? undefined : found.get(kind)
    if (source === undefined) throw absentLink(recorded, link.predicateType)
    if (source.digest !== link.digest) throw brokenLink(recorded, source, link)
    requireSameModel(recorded, source)
    names.push(`built on ${source.kind} ${source.digest}`)
  }
  return names
}

function absentLink(recorded: Recorded, predicate: string): UserError {
  return new UserError({
    code: 'MW-RECORD-006',
    where: statementFile(recorded.kind),
    what: `was built on a statement ${JSON.stringify(predicate)} that is not in the record before it.`,
    fix: 'Hand all statements of the pipeline on together.',
  })
}

const ABOUT_MODEL: readonly StatementKind[] = ['training', 'verdict', 'model', 'rollout']

/** From training to rollout, statements that are linked are about the same model. */
function requireSameModel(recorded: Recorded, source: Recorded): void {
  if (!(ABOUT_MODEL.includes(recorded.kind) && ABOUT_MODEL.includes(source.kind))) return
  if (sameFiles(recorded.statement.subject, source.statement.subject)) return
  throw new UserError({
    code: 'MW-RECORD-007',
    where: statementFile(recorded.kind),
    what: `is about another model than ${statementFile(source.kind)}, which it was built on.`,
    fix: 'Run the steps again on one model.',
  })
}

function sameFiles(a: readonly Subject[], b: readonly Subject[]): boolean {
  const key = (files: readonly Subject[]): string =>
    files
      .map(({ name, digest }) => JSON.stringify([name, digest.sha256]))
      .sort()
      .join()
  return key(a) === key(b)
}

/** The files that a statement is about, the predictions that it rests on, and the data that drift was measured from. */
function filesOf({ statement }: Recorded): readonly Subject[] {
  const { predictions, reference } = statement.predicate as {
    readonly predictions?: unknown
    readonly reference?: { readonly files?: unknown } | null
  }
  const compared: unknown = reference?.files
  const others: readonly unknown[] = [predictions, ...(Array.isArray(compared) ? compared : [])]
  const files = others
    .filter(isFile)
    .map(({ path, sha256 }) => ({ name: path, digest: { sha256 } }))
  return [...statement.subject, ...files]
}

function isFile(value: unknown): value is { readonly path: string; readonly sha256: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'path' in value &&
    'sha256' in value &&
    typeof value.path === 'string' &&
    typeof value.sha256 === 'string'
  )
}

async function checkFile(
  { kind }: Recorded,
  { name, sha256 }: { readonly name: string; readonly sha256: string },
  workspace: Workspace,
): Promise<void> {
  const path = workspace.resolve(name, statementFile(kind))
  const found = await hashFile(path).catch(() => undefined)
  if (found?.sha256 === sha256) return
  throw new UserError({
    code: 'MW-RECORD-008',
    where: name,
    what: `is ${found === undefined ? 'absent' : `sha256:${found.sha256}`}, but ${statementFile(kind)} is about sha256:${sha256}.`,
    fix: 'Restore the file, or run the pipeline on what it is now.',
  })
}
