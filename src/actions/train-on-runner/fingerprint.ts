import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainSection } from '../../config/train.js'
import { byBytes, type Workspace } from '../../files/workspace.js'
import type { SourceCode } from '../../ports/source-code.js'
import { digestOf } from '../../statements/canonical.js'
import type { Recorded } from '../../statements/record.js'
import { DatasetPredicate } from '../../statements/schemas/dataset.js'
import type { TrainingPredicate } from '../../statements/schemas/training.js'
import { hashFile } from '../../tabular/hash-file.js'

type Parts = TrainingPredicate['fingerprintParts']

export interface FingerprintInput {
  readonly settings: TrainSection
  readonly workspace: Workspace
  readonly dataset: Recorded | undefined
  readonly environment: Readonly<Record<string, string>>
  readonly code: SourceCode
  /** Folders that the actions write, relative to the working directory: no code of the user's. */
  readonly written: readonly string[]
}

/** What the result of a training depends on, each part as a digest, and the digest of all. */
export async function fingerprintPipeline(
  input: FingerprintInput,
): Promise<{ readonly fingerprint: string; readonly parts: Parts }> {
  const { settings, dataset } = input
  const parts: Parts = {
    code: digestOf(await hashCode(input)),
    data:
      DatasetPredicate.safeParse(dataset?.statement.predicate).data?.fingerprint ?? digestOf(null),
    parameters: digestOf(settings.params),
    environment: digestOf(reproducible(input.environment)),
    command: digestOf(settings.run),
  }
  return { fingerprint: digestOf(parts), parts }
}

/** Facts that change between runners of one kind, and that a model should not depend on. */
const INCIDENTAL = new Set(['cpu', 'cpus', 'memory-bytes', 'os-release'])

function reproducible(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !INCIDENTAL.has(name)))
}

async function hashCode(input: FingerprintInput): Promise<readonly (readonly [string, string])[]> {
  const { workspace } = input
  const hashes: [string, string][] = []
  for (const file of await codeFiles(input)) {
    const digest = await hashFile(file).catch(() => undefined)
    // Tracked by git, but removed from the working directory.
    hashes.push([workspace.relative(file), digest?.sha256 ?? 'absent'])
  }
  return hashes
}

async function codeFiles(input: FingerprintInput): Promise<readonly string[]> {
  const { settings, workspace, code } = input
  if (settings.code !== undefined) return workspace.glob(settings.code, 'train.code')
  const tracked = await code.trackedFiles(workspace.root)
  const all = tracked ?? (await everyFile(workspace.root))
  return all.filter((file) => isCode(workspace.relative(file), input)).sort(byBytes)
}

/** Without links, which may lead anywhere. */
async function everyFile(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Folders that hold no code of the user's. */
const FOREIGN = /(^|\/)(\.git|\.github|node_modules|__pycache__|\.venv)(\/|$)/

function isCode(path: string, input: FingerprintInput): boolean {
  const { settings, workspace, dataset, written } = input
  const outputs = [
    ...settings.model,
    settings.metrics,
    settings.predictions,
    ...written,
    'modelway.yml',
  ]
  const isOutput = outputs.some(
    (output) => output !== undefined && isWithin(path, output, workspace),
  )
  const isData = dataset?.statement.subject.some(({ name }) => name === path) === true
  return !(isOutput || isData || FOREIGN.test(path))
}

function isWithin(path: string, folder: string, workspace: Workspace): boolean {
  const clean = workspace.relative(workspace.resolve(folder, 'train'))
  return path === clean || path.startsWith(`${clean}/`)
}
