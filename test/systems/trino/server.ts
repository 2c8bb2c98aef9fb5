import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface TrinoServer {
  /** Of the coordinator, on loopback. */
  readonly url: string
  close(): Promise<void>
}

/** A real Trino of three nodes, with the catalogs `tpch` and `memory`; it ends with us. */
export async function startTrino(folder: string): Promise<TrinoServer> {
  const child = spawn(
    'java',
    [
      '-Xmx1500m',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '-Djdk.attach.allowAttachSelf=true',
      ...['-cp', `${join(folder, 'lib', '*')}:${folder}`, 'Launch'],
    ],
    { stdio: ['pipe', 'ignore', 'pipe'] },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  // Its logging takes standard output over, and writes it to the other.
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /READY (\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    // What else it prints would fill the pipe.
    child.stderr.resume()
    return { url, close }
  }
  await close()
  throw new Error('Trino ended before it was ready.')
}
