import { join } from 'node:path'
import * as z from 'zod'
import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'
import type { ModelRegistry, RegisteredVersion } from '../../ports/registry.js'
import type { Backend } from '../../ports/traffic.js'
import type { JobContext } from '../../runtime/job.js'
import { modelDigest } from '../../statements/model-digest.js'
import { linkTo } from '../../statements/record.js'
import { ModelPredicate } from '../../statements/schemas/model.js'
import { RolloutPredicate } from '../../statements/schemas/rollout.js'
import { InputLink, Subject } from '../../statements/statement.js'

export type OpenRegistry = (
  settings: Pick<ModelPredicate, 'registry' | 'location'>,
) => Promise<ModelRegistry>

/** The model to deploy: what the record says was registered, and what the registry says of it now. */
export interface Registered {
  readonly facts: ModelFacts
  readonly version: RegisteredVersion
  readonly registry: ModelRegistry
  /** Its name as a version of traffic: `census-2`. */
  readonly label: string
}

/** What a version in traffic keeps of its model, so that a run without the record can end or undo its rollout. */
const ModelFacts = z.object({
  registry: ModelPredicate.shape.registry,
  location: z.string(),
  name: z.string(),
  version: z.string(),
  subject: z.array(Subject).min(1),
  /** The statement that registered it. */
  statement: InputLink,
  /** The commit that it is deployed for. */
  commit: z.string().optional(),
  /** Who had approved it. */
  approvals: RolloutPredicate.shape.approvals.optional(),
})
type ModelFacts = z.output<typeof ModelFacts>

/** Finds the registered model and refuses one whose digest is not that of the record. */
export async function requireRegistered(
  { record }: Pick<JobContext<DeploySection>, 'record'>,
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
  const { registry, location, name, version } = ModelPredicate.parse(recorded.statement.predicate)
  const subject = [...recorded.statement.subject]
  const facts = { registry, location, name, version, subject, statement: linkTo(recorded) }
  return fromFacts(facts, openRegistry)
}

/** The model of a version that traffic has already; undefined where who deployed it did not say. */
export async function registeredIn(
  backend: Backend | undefined,
  openRegistry: OpenRegistry,
): Promise<Registered | undefined> {
  const facts = ModelFacts.safeParse(backend?.model)
  return facts.success ? fromFacts(facts.data, openRegistry) : undefined
}

async function fromFacts(facts: ModelFacts, openRegistry: OpenRegistry): Promise<Registered> {
  const registry = await openRegistry(facts)
  const version = await registry.find(facts.name, { version: facts.version })
  const digest = modelDigest(facts.subject)
  if (version?.digest !== digest) {
    throw new UserError({
      code: 'MW-DEPLOY-033',
      where: `${facts.name} ${facts.version}`,
      what: `the registry has ${version?.digest ?? 'no such version'}, but the record is about ${digest}.`,
      fix: 'Deploy the model that was registered: restore the registry, or run register-model again.',
    })
  }
  return { facts, version, registry, label: `${version.name}-${version.version}` }
}

/** The model's files in a folder of their own, checked: later runs may write over those in the workspace. */
export async function fetchModel(registered: Registered, stateDir: string): Promise<string> {
  const folder = join(stateDir, 'models', registered.label)
  const files = await registered.registry.download(registered.version, folder)
  const [first] = files
  return files.length === 1 && first !== undefined ? first : folder
}
