import type { RegistrySection } from '../../config/registry.js'
import { modelMarkdown } from '../../domain/report/model/markdown.js'
import type { ModelRegistry, RegisteredVersion, RegisterRequest } from '../../ports/registry.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { modelDigest } from '../../statements/model-digest.js'
import { linkTo } from '../../statements/record.js'
import type { ModelPredicate } from '../../statements/schemas/model.js'
import type { InputLink, Subject } from '../../statements/statement.js'
import { collectAttachments } from './attachments.js'
import { requireJudged } from './judged.js'
import { readLineage } from './lineage.js'

export interface RegisterPorts {
  readonly registry: ModelRegistry
}

/** Registers the very model that the gate judged, once. */
export async function registerModel(
  context: JobContext<RegistrySection>,
  { registry }: RegisterPorts,
): Promise<JobOutcome> {
  const { settings, record, workspace, dryRun } = context
  const judged = await requireJudged(context)
  const lineage = readLineage(record, judged.verdict)
  const digest = modelDigest(judged.model)
  const request: RegisterRequest = {
    name: settings.name,
    digest,
    files: judged.model.map(({ name, digest: { sha256 } }) => ({
      name,
      sha256,
      path: workspace.resolve(name, 'registry.model'),
    })),
    attachments: await collectAttachments(context, judged),
    lineage: lineage.digests,
    aliases: settings.alias,
    stage: settings.stage,
  }
  const { version, created } = dryRun
    ? await preview(registry, request)
    : await registry.register(request)
  return outcome(context, {
    model: judged.model,
    version,
    created,
    links: [linkTo(judged.verdict), ...lineage.links],
  })
}

/** What a registration would give; nothing is written. */
async function preview(
  registry: ModelRegistry,
  request: RegisterRequest,
): Promise<{ readonly version: RegisteredVersion; readonly created: boolean }> {
  const champion = await registry.find(request.name, { stage: 'production' })
  if (champion?.digest === request.digest) return { version: champion, created: false }
  const version = {
    ...request,
    version: 'next',
    stage: request.stage,
    uri: `dry-run:${request.name}`,
  }
  return { version, created: true }
}

interface Registered {
  readonly model: readonly Subject[]
  readonly version: RegisteredVersion
  readonly created: boolean
  readonly links: readonly InputLink[]
}

function outcome(
  { settings }: JobContext<RegistrySection>,
  { model, version, created, links }: Registered,
): JobOutcome {
  const predicate: ModelPredicate = {
    registry: settings.registry,
    location: settings.location,
    name: version.name,
    version: version.version,
    aliases: version.aliases,
    stage: version.stage ?? null,
    uri: version.uri,
    modelDigest: version.digest,
    signature: null,
    lineage: version.lineage,
  }
  const verb = created ? 'Registered' : 'These bytes were registered before:'
  return {
    subject: model,
    predicate,
    inputs: links,
    outputs: {
      name: version.name,
      version: version.version,
      uri: version.uri,
      digest: version.digest,
      created,
    },
    reason: `${verb} ${version.name} version ${version.version} (${version.uri}).`,
    markdown: modelMarkdown({ ...predicate, created, model }),
  }
}
