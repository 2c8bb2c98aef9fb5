import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DriftSection } from '../../config/drift.js'
import { RegistrySection } from '../../config/registry.js'
import { type Problem, UserError } from '../../errors.js'
import type { ModelRegistry, RegisteredVersion } from '../../ports/registry.js'
import type { JobContext } from '../../runtime/job.js'
import { sha256 } from '../../statements/canonical.js'
import { statementFile } from '../../statements/record.js'
import { DatasetPredicate } from '../../statements/schemas/dataset.js'
import { parseEnvelope, predicateType } from '../../statements/statement.js'
import type { DataPath } from '../../tabular/data-set/data-set-options.js'
import { hashFile } from '../../tabular/hash-file.js'
import { isTabular } from '../../tabular/read-table.js'

/** What the job needs of the world to find what a registered model was trained on. */
export interface RegistryPorts {
  readonly openRegistry: (section: RegistrySection) => Promise<ModelRegistry>
}

interface RegistryLine {
  /** `registry:<alias>` */
  readonly line: string
  /** The configuration key, for errors. */
  readonly where: string
}

const PROFILE = /\.profile\.json(\.gz)?$/

/**
 * The data that a registered model was trained on: the tables of the dataset statement that it was registered with, at their
 * paths in the working directory, each checked against its digest. Where one is absent or changed, the profile that is kept
 * beside the model, if there is one.
 */
export async function registryReference(
  context: JobContext<DriftSection>,
  ports: RegistryPorts,
  { line, where }: RegistryLine,
): Promise<readonly DataPath[]> {
  const section = RegistrySection.safeParse(context.section('registry'))
  if (!section.success) throw noRegistry(line, where)
  const { name } = section.data
  const registry = await ports.openRegistry(section.data)
  const alias = line.slice(line.indexOf(':') + 1).trim()
  const version = await registry.find(name, { alias })
  if (version === undefined) throw noVersion(name, alias, where)
  const profile = version.files.find((file) => PROFILE.test(file.name))
  const dataset = await keptDataset(registry, version)
  if (dataset === undefined && profile === undefined) throw noDataset(version, where)
  const { paths, problems } = await verified(context, dataset, where)
  if (dataset !== undefined && problems.length === 0) {
    context.log.info(`${where}: ${line} is the data of ${version.uri}`)
    return paths
  }
  if (profile === undefined) throw new UserError(problems)
  const place = join('.modelway-data', `profile-${version.name}-${version.version}`)
  const folder = context.workspace.resolve(place, where)
  const files = await registry.download({ ...version, files: [profile] }, folder)
  context.log.info(`${where}: ${line} is the profile that is kept with ${version.uri}`)
  return files.map((path) => ({ path }))
}

/** The statement on the data that is kept with a version. */
async function keptDataset(
  registry: ModelRegistry,
  version: RegisteredVersion,
): Promise<DatasetPredicate | undefined> {
  const file = `statements/${statementFile('dataset')}`
  const content = await registry.attachment(version, file)
  if (content === undefined) return undefined
  const expected = version.lineage['dataset']
  const digest = sha256(content)
  if (expected !== undefined && expected !== digest) {
    throw unreadable(version, `it is ${digest}, and the version was registered with ${expected}.`)
  }
  try {
    const statement = parseEnvelope(JSON.parse(Buffer.from(content).toString('utf8')))
    if (statement.predicateType !== predicateType('dataset')) throw new TypeError('another kind')
    return DatasetPredicate.parse(statement.predicate)
  } catch (error) {
    throw unreadable(version, 'it does not hold what a dataset statement holds.', error)
  }
}

interface Verified {
  readonly paths: readonly DataPath[]
  /** One for each file that is absent or changed. */
  readonly problems: readonly Problem[]
}

async function verified(
  { workspace, signal }: JobContext<DriftSection>,
  dataset: DatasetPredicate | undefined,
  where: string,
): Promise<Verified> {
  const paths: DataPath[] = []
  const problems: Problem[] = []
  for (const { path, sha256: expected } of dataset?.files ?? []) {
    const file = workspace.resolve(path, where)
    const found = await digestOf(file, signal)
    if (found !== expected) problems.push(notTheData(path, { expected, found, dataset }))
    // Whatever else the data set holds, such as images, has no columns. Folders called `key=value` make some.
    else if (await isTabular(file)) paths.push({ path: file, base: workspace.root })
  }
  return { paths, problems }
}

/** Undefined where there is no such file. */
async function digestOf(file: string, signal: AbortSignal): Promise<string | undefined> {
  const info = await stat(file).catch(() => undefined)
  return info?.isFile() === true ? (await hashFile(file, signal)).sha256 : undefined
}

interface Mismatch {
  readonly expected: string
  readonly found: string | undefined
  readonly dataset: DatasetPredicate | undefined
}

function notTheData(path: string, { expected, found, dataset }: Mismatch): Problem {
  const what = `sha256:${expected} is what the model was trained on`
  const { source = [], revision = '' } = dataset ?? {}
  const fix = `Run setup-data before this job with the source ${source.map((one) => JSON.stringify(one)).join(', ')} at revision ${JSON.stringify(revision)}.`
  if (found === undefined)
    return { code: 'MW-DRIFT-020', where: path, what: `the file is absent; ${what}.`, fix }
  return { code: 'MW-DRIFT-021', where: path, what: `the file is sha256:${found}; ${what}.`, fix }
}

function noRegistry(line: string, where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-016',
    where,
    what: `${JSON.stringify(line)} needs a registry, and modelway.yml has no complete registry section.`,
    fix: 'Add registry.name (and registry.location) to modelway.yml.',
  })
}

function noVersion(name: string, alias: string, where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-017',
    where,
    what: `the registry has no version of ${name} with the alias ${JSON.stringify(alias)}.`,
    fix: 'Register a model with this alias, or correct the alias.',
  })
}

function noDataset({ uri }: RegisteredVersion, where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-018',
    where,
    what: `${uri} was registered without a statement on the data that it was trained on, and without a profile of it.`,
    fix: 'Run setup-data before the training, hand its statement to register-model, and register the model again; or name the files of the reference.',
  })
}

function unreadable({ uri }: RegisteredVersion, why: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DRIFT-019',
      where: uri,
      what: `the dataset statement that is kept with the version cannot be used: ${why}`,
      fix: 'Restore the registry, or name the files of the reference.',
    },
    { cause },
  )
}
