import { join } from 'node:path'
import type { ArgoRolloutsPrograms } from '../../../tools/install/argo-rollouts.js'
import type { Cluster } from './cluster.js'
import { freePorts, startProgram, stopProgram } from './processes.js'

/** The genuine controller of Argo Rollouts on a cluster that has its definitions. */
export async function startArgoRollouts(
  cluster: Cluster,
  { controller }: ArgoRolloutsPrograms,
): Promise<{ stop(): Promise<void> }> {
  const [health, metrics] = await freePorts(2)
  const child = startProgram(
    controller,
    [
      `--kubeconfig=${cluster.kubeconfigs.admin}`,
      '--namespace=argo-rollouts',
      '--namespaced=false',
      '--leader-elect=false',
      `--healthzPort=${health}`,
      `--metricsPort=${metrics}`,
      '--istio-api-version=v1',
      '--qps=400',
      '--burst=800',
    ],
    join(cluster.folder, 'argo-rollouts.log'),
  )
  return { stop: () => stopProgram(child) }
}
