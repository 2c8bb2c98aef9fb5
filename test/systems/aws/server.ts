import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command } from '../../../tools/install/command.js'
import { freePorts, startProgram, stopProgram, until } from '../kubernetes/processes.js'

/** When it was counted (ISO 8601), of which version, requests, errors. */
export type Counted = readonly [string, string, number, number]

export interface Moto {
  readonly url: string
  close(): Promise<void>
}

/** moto's server with a model, a function and metrics in it. */
export async function startMoto(packages: string, metrics: readonly Counted[]): Promise<Moto> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-moto-'))
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, PYTHONPATH: packages }
  const server = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]
  const child = startProgram(
    'env',
    [`PYTHONPATH=${packages}`, 'python3', ...server],
    join(folder, 'log'),
  )
  const close = async (): Promise<void> => {
    await stopProgram(child)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await until('moto', async () => (await fetch(`${url}/moto-api/`)).ok)
    const script = new URL('./prepare.py', import.meta.url).pathname
    await command('python3', [script, url, JSON.stringify(metrics)], { env })
  } catch (error) {
    await close()
    throw error
  }
  return { url, close }
}
