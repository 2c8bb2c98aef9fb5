import { join } from 'node:path'
import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'
import type { ModelRegistry, RegisteredVersion } from '../../ports/registry.js'
import type { JobContext } from '../../runtime/job.js'
import { modelDigest } from '../../statements/model-digest.js'
import type { Recorded } from '../../statements/record.js'
import { ModelPredicate } from '../../statements/schemas/model.js'

export type OpenRegistry = (
  settings: Pick<ModelPredicate, 'registry' | 'location'>,
) => Promise<ModelRegistry>

/** The model to deploy: what the record says was registered, and what the registry says of it now. */
export interface Registered {
  readonly recorded: Recorded
  readonly version: RegisteredVersion
  readonly registry: ModelRegistry
  /** Its name as a version of traffic: `census-2`. */
  readonly label: string
}

/** Finds the registered model and refuses one whose digest is not that of the record. */
export async function requireRegistered(
  { record }: JobContext<DeploySection>,
  openRegistry: OpenRegistry,
): Promise<Registered> {
  const recorded = record.read('model')
  if (recorded === undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-032',
      where: 'model.json',
      what: 'there is no registered model in the record.',
      fix: 'Run register-model first, and hand its statements to this job.',
    })
  }
  const model = ModelPredicate.parse(recorded.statement.predicate)
  const registry = await openRegistry(model)
  const version = await registry.find(model.name, { version: model.version })
  const digest = modelDigest(recorded.statement.subject)
  if (version?.digest !== digest) {
    throw new UserError({
      code: 'MW-DEPLOY-033',
      where: model.uri,
      what: `the registry has ${version?.digest ?? 'no such version'}, but the record is about ${digest}.`,
      fix: 'Deploy the model that was registered: restore the registry, or run register-model again.',
    })
  }
  return { recorded, version, registry, label: `${version.name}-${version.version}` }
}

/** The model's files in a folder of their own, checked: later runs may write over those in the workspace. */
export async function fetchModel(registered: Registered, stateDir: string): Promise<string> {
  const folder = join(stateDir, 'models', registered.label)
  const files = await registered.registry.download(registered.version, folder)
  const [first] = files
  return files.length === 1 && first !== undefined ? first : folder
}
