import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { GateSection } from '../../config/gate.js'
import { RegistrySection } from '../../config/registry.js'
import { keptPredictionsNames } from '../../domain/lineage/kept-predictions.js'
import { UserError } from '../../errors.js'
import type { ModelRegistry, RegisteredVersion } from '../../ports/registry.js'
import type { JobContext } from '../../runtime/job.js'
import { type Predictions, readPredictions } from './predictions.js'

export type OpenRegistry = (
  settings: Pick<RegistrySection, 'registry' | 'location'>,
) => Promise<ModelRegistry>

/** What the candidate is compared with, and who it is. */
export interface Baseline {
  readonly predictions: Predictions
  readonly source: string
  readonly digest: string
  readonly ageDays: number | null
}

/** Reads the baseline that the settings name; undefined for `none`. */
export async function readBaseline(
  context: JobContext<GateSection>,
  openRegistry: OpenRegistry,
): Promise<Baseline | undefined> {
  const { baseline } = context.settings
  const [kind = '', rest = ''] = splitOnce(baseline)
  if (kind === 'file') return readFileBaseline(context, rest)
  if (kind === 'registry') return readRegistryBaseline(context, rest, openRegistry)
  return undefined
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf(':')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

async function readFileBaseline(
  { settings, workspace, signal, now }: JobContext<GateSection>,
  path: string,
): Promise<Baseline> {
  const absolute = workspace.resolve(path, 'gate.baseline')
  const predictions = await readPredictions({ path: absolute, shownAs: path }, settings, signal)
  const ageDays = Math.max(
    0,
    Math.floor((now().getTime() - statSync(absolute).mtimeMs) / 86_400_000),
  )
  return { predictions, source: settings.baseline, digest: `sha256:${predictions.sha256}`, ageDays }
}

async function readRegistryBaseline(
  context: JobContext<GateSection>,
  alias: string,
  openRegistry: OpenRegistry,
): Promise<Baseline> {
  const { settings, signal } = context
  const section = RegistrySection.safeParse(context.section('registry'))
  if (!section.success) throw noRegistry(settings.baseline)
  const registry = await openRegistry(section.data)
  const version = await registry.find(section.data.name, { alias })
  if (version === undefined) throw noVersion(section.data.name, alias)
  const kept = await keptPredictions(registry, version)
  // The readers take files: Parquet is read from its end.
  const folder = mkdtempSync(join(tmpdir(), 'modelway-baseline-'))
  try {
    const path = join(folder, kept.fileName)
    writeFileSync(path, kept.content)
    const predictions = await readPredictions({ path, shownAs: version.uri }, settings, signal)
    const source = `${settings.baseline} (${version.name} ${version.version})`
    return { predictions, source, digest: version.digest, ageDays: null }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function keptPredictions(
  registry: ModelRegistry,
  version: RegisteredVersion,
): Promise<{ readonly content: Uint8Array; readonly fileName: string }> {
  for (const name of keptPredictionsNames) {
    const content = await registry.attachment(version, name)
    if (content !== undefined) return { content, fileName: basename(name) }
  }
  throw new UserError({
    code: 'MW-GATE-103',
    where: 'gate.baseline',
    what: `${version.uri} has no predictions to compare with.`,
    fix: 'Register it with register-model after evaluate-gate, which keeps them, or name a file with file:<path>.',
  })
}

function noRegistry(baseline: string): UserError {
  return new UserError({
    code: 'MW-GATE-104',
    where: 'gate.baseline',
    what: `${JSON.stringify(baseline)} needs a registry, and modelway.yml has no complete registry section.`,
    fix: 'Add registry.name (and registry.location) to modelway.yml.',
  })
}

function noVersion(name: string, alias: string): UserError {
  return new UserError({
    code: 'MW-GATE-102',
    where: 'gate.baseline',
    what: `the registry has no version of ${name} with the alias ${JSON.stringify(alias)}.`,
    fix: 'Register a first model with baseline: none and this alias, or correct the alias.',
  })
}
