import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface Azurite {
  readonly url: string
  close(): Promise<void>
}

const patienceMs = 60_000

/** Starts Azurite's blob service on loopback, in memory; `folder` is what tools/install/azurite.ts gives. */
export async function startAzurite(folder: string): Promise<Azurite> {
  const program = join(folder, 'node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js')
  const address = ['--blobHost', '127.0.0.1', '--blobPort', '0']
  const flags = ['--inMemoryPersistence', '--skipApiVersionCheck', '--silent', '--disableTelemetry']
  const child = spawn(process.execPath, [program, ...address, ...flags], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const close = async (): Promise<void> => {
    child.kill('SIGKILL')
    await closed
  }
  try {
    return { url: await listening(child), close }
  } catch (error) {
    await close()
    throw error
  }
}

function listening(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const timer = setTimeout(
      () => reject(new Error(`Azurite did not start: ${printed}`)),
      patienceMs,
    )
    const read = (chunk: Buffer): void => {
      printed += chunk.toString('utf8')
      const found = /listen(?:s on|ing at) (http:\/\/[\d.]+:\d+)/.exec(printed)
      if (found?.[1] === undefined) return
      clearTimeout(timer)
      resolve(found[1])
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`Azurite ended with ${code}: ${printed}`))
    })
  })
}
