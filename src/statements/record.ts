import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../errors.js'
import { writeFilesAtomically } from '../files/atomic.js'
import { canonicalJson, sha256 } from './canonical.js'
import {
  type InputLink,
  parseEnvelope,
  predicateType,
  type Statement,
  type StatementKind,
  statementKinds,
  writers,
} from './statement.js'

/** The file that lists the digests of all statements; `sha256sum -c SHA256SUMS` understands it. */
export const sumsFile = 'SHA256SUMS'

export interface Recorded {
  readonly kind: StatementKind
  readonly statement: Statement
  /** `sha256:<hex>` of the file, which is canonical JSON: so also of the statement. */
  readonly digest: string
}

/** The statements of one model's way, in one folder. */
export interface RecordStore {
  readonly directory: string
  /** The statement, checked against SHA256SUMS and its links; undefined when there is none yet. */
  read(kind: StatementKind): Recorded | undefined
  write(kind: StatementKind, statement: Statement): Recorded
}

/** Opens `.modelway`. Nothing is created before the first write. */
export function openRecord(directory: string): RecordStore {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UserError({
      code: 'MW-RECORD-009',
      where: 'input statements',
      what: `${directory} is not a folder.`,
      fix: 'Name a folder for the statements; it is made when it does not exist.',
    })
  }
  return {
    directory,
    read: (kind) => readChecked(directory, kind, new Map()),
    write: (kind, statement) => writeStatement(directory, kind, statement),
  }
}

/** How a later statement names this one. */
export function linkTo(recorded: Recorded): InputLink {
  return { predicateType: recorded.statement.predicateType, digest: recorded.digest }
}

export function statementFile(kind: StatementKind): string {
  return `${kind}.json`
}

function writeStatement(directory: string, kind: StatementKind, statement: Statement): Recorded {
  const content = canonicalJson(statement)
  const digest = sha256(content)
  const sums = new Map(readSums(directory))
  sums.set(statementFile(kind), digest.slice('sha256:'.length))
  writeFilesAtomically([
    { path: join(directory, statementFile(kind)), content },
    { path: join(directory, sumsFile), content: formatSums(sums) },
  ])
  return { kind, statement, digest }
}

/** SHA256SUMS as a map from file name to hex digest; empty when the file is absent. */
export function readSums(directory: string): ReadonlyMap<string, string> {
  const path = join(directory, sumsFile)
  if (!existsSync(path)) return new Map()
  const sums = new Map<string, string>()
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const match = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) sums.set(match[2], match[1])
  }
  return sums
}

/** In the order of the pipeline, one line a statement. */
export function formatSums(sums: ReadonlyMap<string, string>): string {
  const known = statementKinds.map(statementFile).filter((name) => sums.has(name))
  return known.map((name) => `${sums.get(name)}  ${name}\n`).join('')
}

type Seen = Map<StatementKind, Recorded | undefined>

/** `seen`: what this read has met already, so that a statement of many links costs no more than one of few. */
function readChecked(directory: string, kind: StatementKind, seen: Seen): Recorded | undefined {
  if (seen.has(kind)) return seen.get(kind)
  const recorded = readStatement(directory, kind)
  seen.set(kind, recorded)
  if (recorded === undefined) return undefined
  if (!isListed(directory, recorded)) {
    const listed = readSums(directory).get(statementFile(kind))
    throw changed(
      join(directory, statementFile(kind)),
      `it is ${recorded.digest}, but ${sumsFile} lists ${listed === undefined ? 'no such statement' : `sha256:${listed}`}.`,
    )
  }
  checkLinks(directory, recorded, seen)
  return recorded
}

/** Whether SHA256SUMS beside it lists the statement as it is. */
export function isListed(directory: string, { kind, digest }: Recorded): boolean {
  return `sha256:${readSums(directory).get(statementFile(kind))}` === digest
}

/** Reads one statement and checks that the file is what we write: canonical JSON of a statement of that kind. */
export function readStatement(directory: string, kind: StatementKind): Recorded | undefined {
  const path = join(directory, statementFile(kind))
  if (!existsSync(path)) return undefined
  const bytes = readFileSync(path)
  const { statement, canonical } = parseStatement(path, kind, bytes)
  if (!bytes.equals(Buffer.from(canonical))) {
    throw changed(path, 'it is not in the canonical form in which it was written.')
  }
  return { kind, statement, digest: sha256(bytes) }
}

function parseStatement(
  path: string,
  kind: StatementKind,
  bytes: Buffer,
): { readonly statement: Statement; readonly canonical: string } {
  let statement: Statement
  let canonical: string
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    statement = parseEnvelope(value)
    canonical = canonicalJson(value)
  } catch (error) {
    throw changed(path, 'it is not a statement.', error)
  }
  if (statement.predicateType !== predicateType(kind)) {
    throw changed(path, `its predicate is ${JSON.stringify(statement.predicateType)}.`)
  }
  return { statement, canonical }
}

/** Every statement that this one was built on, and that is here, must be the very one. */
function checkLinks(directory: string, recorded: Recorded, seen: Seen): void {
  for (const link of recorded.statement.predicate.inputs) {
    const kind = earlierKind(recorded.kind, link)
    const source = kind === undefined ? undefined : readChecked(directory, kind, seen)
    if (source !== undefined && source.digest !== link.digest)
      throw brokenLink(recorded, source, link)
  }
}

/** A statement is built on earlier kinds only, so following the links always ends. */
function earlierKind(consumer: StatementKind, link: InputLink): StatementKind | undefined {
  const earlier = statementKinds.slice(0, statementKinds.indexOf(consumer))
  return earlier.find((candidate) => predicateType(candidate) === link.predicateType)
}

/** The error for a statement that was built on another version of its input than the one that is here. */
export function brokenLink(recorded: Recorded, source: Recorded, link: InputLink): UserError {
  return new UserError({
    code: 'MW-RECORD-002',
    where: statementFile(recorded.kind),
    what: `was built on ${source.kind} ${link.digest}, but ${statementFile(source.kind)} is ${source.digest}.`,
    fix: `Run ${writers[recorded.kind]} again.`,
  })
}

function changed(path: string, why: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-RECORD-001',
      where: path,
      what: `this statement was changed after it was written: ${why}`,
      fix: 'Restore it, or run the step that writes it again.',
    },
    { cause },
  )
}
