import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { textAt } from '../../../src/adapters/traffic/kubernetes/json.js'
import { command } from '../../../tools/install/command.js'
import type { FluxPrograms } from '../../../tools/install/flux.js'
import type { Cluster } from './cluster.js'
import { freePorts, startProgram, stopProgram } from './processes.js'

export const SOURCE_PATH = '/apis/source.toolkit.fluxcd.io/v1/namespaces/default/gitrepositories'

/** The genuine kustomize-controller on a cluster that has its definitions. */
export async function startKustomizeController(
  cluster: Cluster,
  { controller }: FluxPrograms,
): Promise<{ stop(): Promise<void> }> {
  const [health] = await freePorts(1)
  const child = startProgram(
    'env',
    [
      `KUBECONFIG=${cluster.kubeconfigs.admin}`,
      'RUNTIME_NAMESPACE=default',
      controller,
      '--metrics-addr=0',
      `--health-addr=127.0.0.1:${health}`,
      '--requeue-dependency=1s',
      '--log-level=debug',
    ],
    join(cluster.folder, 'kustomize-controller.log'),
  )
  return { stop: () => stopProgram(child) }
}

export interface Repository {
  head(): string
  filesAt(commit: string): ReadonlyMap<string, Buffer>
}

/**
 * What source-controller 1.9 does, which cannot be built here: when a GitRepository is asked for a look, it offers the head of the
 * branch as an archive, and says so in the status.
 */
export async function startSourceController(cluster: Cluster, repository: Repository) {
  const archives = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    const archive = archives.get(request.url?.slice(1).replace('.tar.gz', '') ?? '')
    if (archive === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'application/gzip' }).end(archive)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let isOn = true
  let handled: string | undefined
  const round = async () => {
    const path = `${SOURCE_PATH}/repo`
    const object = await cluster.raw({ method: 'GET', path })
    const asked = textAt(object, 'metadata', 'annotations', 'reconcile.fluxcd.io/requestedAt') ?? ''
    if (asked === handled) return
    const commit = repository.head()
    const archive = archives.get(commit) ?? (await archived(cluster, repository, commit))
    archives.set(commit, archive)
    const now = new Date().toISOString()
    const digest = `sha256:${createHash('sha256').update(archive).digest('hex')}`
    const revision = `main@sha1:${commit}`
    await cluster.raw({
      method: 'PATCH',
      path: `${path}/status`,
      contentType: 'application/merge-patch+json',
      body: {
        status: {
          observedGeneration: 1,
          lastHandledReconcileAt: asked,
          artifact: {
            ...{ digest, revision, path: `${commit}.tar.gz`, url: `${base}/${commit}.tar.gz` },
            ...{ lastUpdateTime: now, size: archive.length },
          },
          conditions: [
            {
              ...{ type: 'Ready', status: 'True', reason: 'Succeeded', observedGeneration: 1 },
              ...{ message: `stored artifact for revision '${revision}'`, lastTransitionTime: now },
            },
          ],
        },
      },
    })
    handled = asked
  }
  const done = (async () => {
    while (isOn) {
      await round().catch(() => undefined)
      await sleep(100)
    }
  })()
  return {
    stop: async () => {
      isOn = false
      await done
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function archived({ folder }: Cluster, { filesAt }: Repository, commit: string) {
  const within = join(folder, 'archives', commit)
  for (const [path, content] of filesAt(commit)) {
    await mkdir(dirname(join(within, path)), { recursive: true })
    await writeFile(join(within, path), content)
  }
  const file = `${within}.tar.gz`
  await command('tar', ['-czf', file, '-C', within, '.'])
  return readFile(file)
}
