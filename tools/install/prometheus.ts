import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { apt } from './apt.js'
import { ensureCached } from './cache.js'
import { command } from './command.js'

const PACKAGES = ['prometheus', 'prometheus-pushgateway', 'prometheus-node-exporter'] as const

export interface PrometheusPrograms {
  readonly version: string
  readonly prometheus: string
  readonly promtool: string
  readonly pushgateway: string
  readonly nodeExporter: string
}

/**
 * Prometheus with promtool, Pushgateway and node_exporter from the packages of the distribution (2.42.0, 1.5.1 and 1.5.0 in
 * Debian 12), unpacked without being installed.
 */
export async function ensurePrometheusPrograms(): Promise<PrometheusPrograms> {
  const version = await candidateVersion()
  const fill = async (folder: string): Promise<void> => {
    await apt('apt-get', ['download', '-q', ...PACKAGES], folder)
    const archives = (await readdir(folder)).filter((name) => name.endsWith('.deb'))
    for (const archive of archives) {
      await command('dpkg', ['-x', join(folder, archive), join(folder, 'root')])
      await rm(join(folder, archive))
    }
    await command(join(folder, 'root', 'usr', 'bin', 'promtool'), ['--version'])
  }
  const folder = await ensureCached({ name: 'prometheus', version, fill })
  const program = (name: string): string => join(folder, 'root', 'usr', 'bin', name)
  return {
    version,
    prometheus: program('prometheus'),
    promtool: program('promtool'),
    pushgateway: program('prometheus-pushgateway'),
    nodeExporter: program('prometheus-node-exporter'),
  }
}

/** The folder of the programs. */
export async function ensurePrometheus(): Promise<string> {
  const { prometheus } = await ensurePrometheusPrograms()
  return join(prometheus, '..')
}

async function candidateVersion(): Promise<string> {
  const policy = await apt('apt-cache', ['policy', 'prometheus'])
  const version = /Candidate: ([\w.+~:-]+)/.exec(policy)?.[1]
  if (version === undefined || version === '(none)') {
    throw new Error('The distribution has no package prometheus.')
  }
  return version.replace(/[^\w.-]/g, '_')
}
