import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface MlflowServer {
  readonly url: string
  /** A call of the REST API 2.0, which must succeed. */
  post(path: string, body: object): Promise<Record<string, unknown>>
  putArtifact(path: string, content: string | Uint8Array): Promise<void>
  close(): Promise<void>
}

/** A real MLflow tracking server on loopback with a new SQLite store. */
export async function startMlflow(packages: string): Promise<MlflowServer> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-mlflow-'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn('python3', serverArguments(folder, port), {
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      PYTHONPATH: packages,
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_DISABLE_TELEMETRY: 'true',
    },
  })
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilHealthy(url, () => child.exitCode)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    post: async (path, body) => {
      const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as Record<string, unknown>
    },
    putArtifact: async (path, content) => {
      const response = await fetch(`${url}/api/2.0/mlflow-artifacts/artifacts/${path}`, {
        method: 'PUT',
        body: content,
      })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    },
    close: stop,
  }
}

function serverArguments(folder: string, port: number): string[] {
  const store = `sqlite:///${join(folder, 'mlflow.db')}`
  const server = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port)]
  const stores = [
    '--backend-store-uri',
    store,
    '--artifacts-destination',
    join(folder, 'artifacts'),
  ]
  return [...server, ...stores, '--workers', '1']
}

async function untilHealthy(url: string, exitCode: () => number | null): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (exitCode() !== null) throw new Error(`MLflow ended with ${exitCode()}.`)
    try {
      if ((await fetch(`${url}/health`)).ok) return
    } catch {
      // It is not listening yet.
    }
    await sleep(400)
  }
  throw new Error('MLflow did not answer within two minutes.')
}

/** Below the ephemeral range, where another process's outgoing connection could take it. */
async function freePort(): Promise<number> {
  for (let port = 24_600; port < 24_700; port++) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
  throw new Error('No port is free.')
}
