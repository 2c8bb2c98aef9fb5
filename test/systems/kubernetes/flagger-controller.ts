import { join } from 'node:path'
import type { FlaggerPrograms } from '../../../tools/install/flagger.js'
import type { Cluster } from './cluster.js'
import { freePorts, startProgram, stopProgram } from './processes.js'

/** The genuine controller of Flagger, for Istio, on a cluster that has its definitions. */
export async function startFlagger(
  cluster: Cluster,
  { flagger }: FlaggerPrograms,
): Promise<{ stop(): Promise<void> }> {
  const [port, nobody] = await freePorts(2)
  const child = startProgram(
    flagger,
    [
      `-kubeconfig=${cluster.kubeconfigs.admin}`,
      '-mesh-provider=istio',
      '-namespace=default',
      '-control-loop-interval=200ms',
      '-kubeconfig-qps=400',
      '-kubeconfig-burst=800',
      '-log-level=info',
      `-port=${port}`,
      // Its Canaries here have no metrics.
      `-metrics-server=http://127.0.0.1:${nobody}`,
    ],
    join(cluster.folder, 'flagger.log'),
  )
  return { stop: () => stopProgram(child) }
}
