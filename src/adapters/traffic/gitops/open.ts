import { createHash } from 'node:crypto'
import type { GitopsTarget } from '../../../config/deploy/gitops.js'
import { UserError } from '../../../errors.js'
import type { RepositoryWriter } from '../../../ports/repository-writer.js'
import { openCluster } from '../kubernetes/client/index.js'
import { createRegisterRolloutStore } from '../stores/register.js'
import type { System, SystemTools } from '../system.js'
import { createBeforeStore } from './before.js'
import type { Delivery } from './deliver.js'
import { readManifests } from './manifests.js'
import { createGitopsSplitter } from './splitter.js'
import { createArgoCdSync } from './sync/argo-cd-api.js'
import { createApplicationSync } from './sync/argo-cd-application.js'
import { createFluxSync } from './sync/flux.js'
import type { Sync } from './sync/sync.js'

/** Manifests in a repository, applied by Argo CD or Flux; the record is kept in a register of the forge. */
export async function openGitops(settings: GitopsTarget, tools: SystemTools): Promise<System> {
  const writer = repositoryOf(settings, tools)
  const branch = settings.branch ?? (await writer.defaultBranch())
  const entries = settings.manifests
  const delivery: Delivery = {
    writer,
    branch,
    ownBranch: `modelway/${digestOf([branch, entries.map(({ file }) => file)])}`,
    now: tools.now,
    sleep: tools.sleep,
    read: (commit, names) => readManifests({ writer, branch, entries }, commit, names),
    merge: settings.merge,
    mergeMethod: settings['merge-method'],
    reviewMs: settings['review-timeout'],
  }
  const splitter = createGitopsSplitter({
    delivery,
    before: createBeforeStore(tools.register),
    sync: await openSync(settings.sync, tools),
    by: settings.deliver,
    rollbackBy: settings.rollback ?? settings.deliver,
    limitMs: settings.timeout,
  })
  const { register } = tools
  const store = register && createRegisterRolloutStore(register.registers, register.name)
  return { splitter, store }
}

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)
}

function repositoryOf({ repository }: GitopsTarget, tools: SystemTools): RepositoryWriter {
  const { openRepository, env } = tools
  if (openRepository === undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-425',
      where: 'deploy.gitops',
      what: 'there is no forge here to make commits in.',
      fix: 'Give a github-token with contents: write (and pull-requests: write for pull requests).',
    })
  }
  const token = env['MODELWAY_GITOPS_TOKEN']?.trim() || undefined
  return openRepository({ repository, token })
}

async function openSync(sync: GitopsTarget['sync'], tools: SystemTools): Promise<Sync> {
  const { env, home, now, sleep } = tools
  const argo = sync['argo-cd']
  if (argo !== undefined) return createArgoCdSync(argo, { env, sleep })
  const application = sync['argo-cd-application']
  const cluster = application ?? sync.flux
  const { kubeconfig, context } = cluster ?? {}
  const client = await openCluster({ kubeconfig, context, env, home, now, sleep })
  if (application !== undefined) return createApplicationSync(client, application)
  if (sync.flux !== undefined) return createFluxSync(client, sync.flux)
  throw new RangeError('nobody applies the manifests')
}
