import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createLocalServers } from '../../../src/adapters/serving/local.js'

const HERE = dirname(fileURLToPath(import.meta.url))

export interface RunningModelServer {
  readonly url: string
  /** Ends it at once. */
  close(): Promise<void>
}

export interface ModelServerCommand {
  /** The folder of its packages. */
  readonly packages: string
  /** Python's arguments; `{port}` in them is filled in. */
  readonly args: readonly string[]
  readonly healthPath: string
  readonly env?: Readonly<Record<string, string>> | undefined
}

/** What starts a server in Python, as deploy.backends has it: without a shell, and with an environment of its own. */
export function pythonCommand({
  packages,
  args,
  env = {},
}: Omit<ModelServerCommand, 'healthPath'>) {
  const variables = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PYTHONPATH: `${packages}:${HERE}`,
    // Else what it compiles of the files here would lie beside them.
    PYTHONDONTWRITEBYTECODE: '1',
    ...env,
  }
  const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  return ['/usr/bin/env', ...pairs, 'python3', ...args]
}

/** A server of a model, by what starts those of users. */
export async function startModelServer(command: ModelServerCommand): Promise<RunningModelServer> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-model-server-'))
  const servers = createLocalServers()
  const running = await servers.start({
    version: 'under test',
    command: pythonCommand(command),
    model: '',
    port: 0,
    cwd: folder,
    env: {},
    healthPath: command.healthPath,
    startTimeoutMs: 90_000,
    signal: AbortSignal.timeout(100_000),
    logFile: join(folder, 'server.log'),
  })
  return {
    url: running.url,
    close: async () => {
      await servers.stop(running.pid)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
