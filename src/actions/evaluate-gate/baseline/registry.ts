import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { RegistrySection } from '../../../config/registry.js'
import type { Points } from '../../../domain/gate/points/point-values.js'
import { keptPredictionsNames } from '../../../domain/lineage/kept-predictions.js'
import { UserError } from '../../../errors.js'
import type { ModelRegistry, RegisteredVersion } from '../../../ports/registry.js'
import { statementFile } from '../../../statements/record.js'
import { TrainingPredicate } from '../../../statements/schemas/training.js'
import { readPredictions } from '../predictions.js'
import type { Baseline, BaselineRequest } from './baseline.js'
import { withTemporaryFolder } from './temporary.js'

/** `registry:<alias>`: the predictions that a registered version was judged by. */
export async function readRegistryBaseline(request: BaselineRequest): Promise<Baseline> {
  const { context, ports, name: alias } = request
  const { settings, signal } = context
  const section = RegistrySection.safeParse(context.section('registry'))
  if (!section.success) throw noRegistry(settings.baseline)
  const registry = await ports.openRegistry(section.data)
  const version = await registry.find(section.data.name, { alias })
  if (version === undefined) throw noVersion(section.data.name, alias)
  const kept = await keptPredictions(registry, version)
  return withTemporaryFolder(async (folder) => {
    const path = join(folder, kept.fileName)
    writeFileSync(path, kept.content)
    const predictions = await readPredictions({ path, shownAs: version.uri }, settings, signal)
    return {
      predictions,
      points: await trainingNumbers(registry, version),
      source: `${settings.baseline} (${version.name} ${version.version})`,
      digest: version.digest,
      madeAt: version.registeredAt,
    }
  })
}

/** The numbers that the version's training wrote, for rules on `metrics:`; undefined where it kept none. */
async function trainingNumbers(
  registry: ModelRegistry,
  version: RegisteredVersion,
): Promise<Points | undefined> {
  const content = await registry.attachment(version, `statements/${statementFile('training')}`)
  if (content === undefined) return undefined
  const statement: unknown = JSON.parse(Buffer.from(content).toString('utf8'))
  const parsed = KeptTraining.safeParse(statement)
  return parsed.success ? parsed.data.predicate.metrics : undefined
}

const KeptTraining = z.object({ predicate: TrainingPredicate.pick({ metrics: true }) })

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
