import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PrometheusPrograms } from '../../../tools/install/prometheus.js'

/** Prometheus that scrapes a Pushgateway and a node_exporter every second, with the rules that we ship. */
export interface MonitoringStack {
  readonly prometheus: string
  readonly pushgateway: string
  /** The folder that node_exporter's textfile collector reads. */
  readonly textfiles: string
  readonly nodeExporter: string
  /** The result of an instant query. */
  query(expression: string): Promise<readonly QueryResult[]>
  /** Asks again until the answer is as wanted; the last answer is given where it never is. */
  until(
    expression: string,
    wanted: (results: readonly QueryResult[]) => boolean,
  ): Promise<readonly QueryResult[]>
  close(): Promise<void>
}

export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

const RULES = new URL('../../../monitoring/prometheus-rules.yml', import.meta.url)

export async function startMonitoring(programs: PrometheusPrograms): Promise<MonitoringStack> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-prometheus-'))
  const textfiles = join(folder, 'textfiles')
  await mkdir(textfiles)
  const [port, gatewayPort, nodePort] = await freePorts(3)
  const addresses = {
    port: `127.0.0.1:${port}`,
    gateway: `127.0.0.1:${gatewayPort}`,
    node: `127.0.0.1:${nodePort}`,
  }
  await writeFile(join(folder, 'rules.yml'), await readFile(RULES, 'utf8'))
  await writeFile(join(folder, 'prometheus.yml'), configuration(addresses.gateway, addresses.node))
  const children = [
    start(programs.pushgateway, [`--web.listen-address=${addresses.gateway}`]),
    start(programs.nodeExporter, [
      `--web.listen-address=${addresses.node}`,
      '--collector.disable-defaults',
      '--collector.textfile',
      `--collector.textfile.directory=${textfiles}`,
    ]),
    start(programs.prometheus, [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${addresses.port}`,
    ]),
  ]
  const prometheus = `http://${addresses.port}`
  const query = (expression: string) => instantQuery(prometheus, expression)
  const close = async (): Promise<void> => {
    await Promise.all(children.map(stop))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilReady([
      `${prometheus}/-/ready`,
      `http://${addresses.gateway}/-/ready`,
      `http://${addresses.node}/metrics`,
    ])
  } catch (error) {
    await close()
    throw error
  }
  return {
    prometheus,
    pushgateway: `http://${addresses.gateway}`,
    textfiles,
    nodeExporter: `http://${addresses.node}`,
    query,
    until: async (expression, wanted) => {
      let results = await query(expression)
      for (let attempt = 0; attempt < 80 && !wanted(results); attempt++) {
        await sleep(250)
        results = await query(expression)
      }
      return results
    },
    close,
  }
}

function configuration(gateway: string, node: string): string {
  return `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs:
  - job_name: pushgateway
    honor_labels: true
    static_configs: [{ targets: ['${gateway}'] }]
  - job_name: node
    static_configs: [{ targets: ['${node}'] }]
`
}

async function instantQuery(server: string, query: string): Promise<readonly QueryResult[]> {
  const response = await fetch(`${server}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query }),
  })
  const answer = (await response.json()) as { data?: { result: QueryResult[] }; error?: string }
  if (answer.data === undefined) throw new Error(`${query}: ${answer.error}`)
  return answer.data.result
}

function start(program: string, args: readonly string[]): ChildProcess {
  return spawn(program, args, { stdio: 'ignore' })
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}

async function untilReady(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    let ready = false
    for (let attempt = 0; attempt < 200 && !ready; attempt++) {
      ready = await fetch(url).then(
        async (response) => {
          await response.arrayBuffer()
          return response.ok
        },
        () => false,
      )
      if (!ready) await sleep(100)
    }
    if (!ready) throw new Error(`${url} did not answer.`)
  }
}

/** Below the ephemeral range, where another process's outgoing connection could take them. */
async function freePorts(count: number): Promise<number[]> {
  const free: number[] = []
  for (let port = 24_800; port < 24_900 && free.length < count; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) free.push(port)
  }
  if (free.length < count) throw new Error('Too few ports are free.')
  return free
}
