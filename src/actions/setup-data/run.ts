import { dirname, join } from 'node:path'
import type { DataSection } from '../../config/data.js'
import { type Decision, worst } from '../../domain/decision.js'
import type { Expectations, QualityCheck } from '../../domain/quality/check.js'
import { profileColumns } from '../../domain/quality/profile.js'
import { datasetMarkdown } from '../../domain/report/dataset/markdown.js'
import { countOf } from '../../domain/report/words.js'
import type { Table } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'
import { byBytes } from '../../files/workspace.js'
import type { DataSource, FetchedData } from '../../ports/data-source.js'
import { checkContract, readContract } from '../../quality/data-contract.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { digestOf } from '../../statements/canonical.js'
import type { DatasetPredicate } from '../../statements/schemas/dataset.js'
import { hashFile } from '../../tabular/hash-file.js'
import { isTabular, readTable } from '../../tabular/read-table.js'
import { baselineFingerprint } from './baseline.js'
import { fetchCached } from './data-cache.js'

/** The key that names the data contract. */
const CONTRACT = 'data.contract'

export interface SetupDataPorts {
  readonly openSource: (source: string) => Promise<DataSource>
}

/** Fetches the data, checks it, and says exactly what it is. */
export async function setupData(
  context: JobContext<DataSection>,
  ports: SetupDataPorts,
): Promise<JobOutcome> {
  const { settings, workspace, log } = context
  const contract = readContract(settings.contract, { workspace, where: CONTRACT })
  const fetched = await fetchAll(context, ports)
  const files = await describeFiles(fetched.files, context)
  const read = await log.group('Reading', () => readTables(fetched.files, context))
  requireRows(read, contract)
  const tables = read.map(({ table }) => table)
  const checks = contract === undefined ? [] : checkContract(contract, tables, CONTRACT)
  const fingerprint = digestOf(files.map(({ path, sha256 }) => ({ path, sha256 })))
  const predicate: DatasetPredicate = {
    source: settings.source,
    revision: fetched.revision ?? fingerprint,
    files,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    columns: profileColumns(tables),
    contract: settings.contract === undefined ? null : { path: settings.contract, checks },
    fingerprint,
    decision: decide(checks),
  }
  return outcome(context, predicate, fetched)
}

/** Data without a row would pass every rule about its values. */
function requireRows(tables: readonly ReadFile[], contract: Expectations | undefined): void {
  const [first] = tables
  if (first === undefined || contract?.rows.min === 0) return
  if (tables.some(({ table }) => table.rows > 0)) return
  throw new UserError({
    code: 'MW-DATA-116',
    where: first.path,
    what: 'there is a header, but no row.',
    fix: 'Check the step that writes the data; where no rows are right, say so by rows.min: 0 in the data contract.',
  })
}

interface Fetched extends Pick<FetchedData, 'files' | 'revision' | 'cacheHit'> {}

async function fetchAll(context: JobContext<DataSection>, ports: SetupDataPorts): Promise<Fetched> {
  const { settings, workspace, signal } = context
  const target = workspace.resolve(settings.path, 'data.path')
  const wanted = settings.source.filter((source) => !source.startsWith('!'))
  const found = new Set<string>()
  const revisions: string[] = []
  let cacheHit = true
  for (const source of wanted) {
    const adapter = await ports.openSource(source)
    const request = { source, revision: settings.revision, target, signal }
    const fetched = await fetchCached(context, adapter, request)
    for (const file of fetched.files) {
      if (found.has(file) && !fetched.cacheHit) throw overwritten(source, workspace.relative(file))
      found.add(file)
    }
    if (fetched.revision !== undefined) revisions.push(fetched.revision)
    cacheHit &&= fetched.cacheHit
  }
  const left = await excluded(context)
  const files = [...found].filter((file) => !left.has(file)).sort(byBytes)
  if (files.length === 0) throw noFiles(settings.source)
  // Several sources have no one revision: their fingerprint stands for it.
  return { files, revision: wanted.length === 1 ? revisions[0] : undefined, cacheHit }
}

async function excluded({
  settings,
  workspace,
}: JobContext<DataSection>): Promise<ReadonlySet<string>> {
  const patterns = settings.source
    .filter((source) => source.startsWith('!'))
    .map((source) => source.slice(1))
  if (patterns.length === 0) return new Set()
  return new Set(await workspace.glob(patterns, 'data.source'))
}

function overwritten(source: string, path: string): UserError {
  return new UserError({
    code: 'MW-DATA-115',
    where: 'data.source',
    what: `${JSON.stringify(source)} was put in the place of ${JSON.stringify(path)}, which an earlier line names.`,
    fix: 'Fetch files of the same name in separate steps, each with its own data.path.',
  })
}

function noFiles(source: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DATA-108',
    where: 'data.source',
    what: `${source.map((one) => JSON.stringify(one)).join(', ')} name no file.`,
    fix: 'Check the paths and what the lines with ! leave out.',
  })
}

async function describeFiles(
  files: readonly string[],
  { workspace, signal }: JobContext<DataSection>,
): Promise<DatasetPredicate['files']> {
  const described: { path: string; size: number; sha256: string }[] = []
  for (const file of files) {
    const { sha256, size } = await hashFile(file, signal)
    described.push({ path: workspace.relative(file), size, sha256 })
  }
  return described
}

interface ReadFile {
  readonly path: string
  readonly table: Table
}

async function readTables(
  files: readonly string[],
  { workspace, log, signal }: JobContext<DataSection>,
): Promise<readonly ReadFile[]> {
  const tables: ReadFile[] = []
  for (const file of files) {
    const path = workspace.relative(file)
    if (!(await isTabular(file))) {
      log.info(`${path}: kept as it is (no table that can be read)`)
      continue
    }
    const table = await readTable(file, { shownAs: path, signal })
    log.info(`${path}: ${countOf(table.rows, 'row')}, ${countOf(table.columns.length, 'column')}`)
    tables.push({ path, table })
  }
  return tables
}

function decide(checks: readonly QualityCheck[]): Decision {
  return worst(checks.map((check) => check.status))
}

function outcome(
  context: JobContext<DataSection>,
  predicate: DatasetPredicate,
  fetched: Fetched,
): JobOutcome {
  const { settings, workspace, record } = context
  const before = baselineFingerprint(settings.baseline, workspace, record)
  const broken = (predicate.contract?.checks ?? []).filter((check) => check.status !== 'pass')
  const reason = describe(predicate, broken.length)
  return {
    subject: predicate.files.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } })),
    predicate,
    inputs: [],
    decision: predicate.decision,
    failOn: settings['fail-on'],
    outputs: {
      path: commonPath(predicate.files.map(({ path }) => path)),
      revision: predicate.revision,
      fingerprint: predicate.fingerprint,
      'cache-hit': fetched.cacheHit,
      rows: predicate.rows,
      changed: before !== predicate.fingerprint,
    },
    reason,
    annotations: broken.map((check) => ({
      level: check.status === 'fail' ? 'error' : 'warning',
      title: 'Data contract',
      message: `${check.id}: expected ${check.expected}, observed ${check.observed} (${check.failedRows} rows).`,
      file: settings.contract,
    })),
    markdown: datasetMarkdown(predicate),
  }
}

function describe(predicate: DatasetPredicate, broken: number): string {
  const what = `${countOf(predicate.files.length, 'file')}, ${countOf(predicate.rows, 'row')}`
  if (predicate.contract === null) return `${what}; no data contract was given.`
  if (broken === 0)
    return `${what}; all ${predicate.contract.checks.length} checks of the data contract hold.`
  return `${what}; ${broken} of ${predicate.contract.checks.length} checks of the data contract do not hold.`
}

/** The file itself when it is one, else the deepest folder that holds all. */
function commonPath(paths: readonly string[]): string {
  const [first = '.', ...rest] = paths
  if (rest.length === 0) return first
  let folder = dirname(first)
  while (folder !== '.' && !rest.every((path) => path.startsWith(`${folder}/`)))
    folder = dirname(folder)
  return join(folder)
}
