import { createWriteStream } from 'node:fs'
import { chmod, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { ensureCached } from './cache.js'
import { command, tryCommand } from './command.js'

/** What the modules ask for, and what is fetched where there is none or an older one. */
const LEAST = [1, 26] as const
const VERSION = '1.26.8'

/** The program `go`: the machine's own, else the toolchain that the module proxy serves. */
export async function ensureGo(): Promise<string> {
  const { code, stdout } = await tryCommand('go', ['env', 'GOVERSION'])
  if (code === 0 && isEnough(stdout.trim())) return 'go'
  return join(await ensureCached({ name: 'go', version: VERSION, fill }), 'go', 'bin', 'go')
}

function isEnough(version: string): boolean {
  const [, major = 0, minor = 0] = /^go(\d+)\.(\d+)/.exec(version)?.map(Number) ?? []
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1])
}

async function fill(folder: string): Promise<void> {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`
  const name = `v0.0.1-go${VERSION}.${platform}`
  const archive = join(folder, 'go.zip')
  await fetchTo(`${proxy()}/golang.org/toolchain/@v/${name}.zip`, archive)
  await command('python3', ['-m', 'zipfile', '-e', archive, folder])
  await rename(join(folder, 'golang.org', `toolchain@${name}`), join(folder, 'go'))
  await rm(archive)
  // Zips of modules carry no permissions.
  for (const programs of ['bin', 'pkg/tool/'.concat(platform.replace('-', '_'))]) {
    const within = join(folder, 'go', programs)
    for (const program of await readdir(within)) await chmod(join(within, program), 0o755)
  }
  const said = await command(join(folder, 'go', 'bin', 'go'), ['version'])
  if (!said.includes(VERSION)) throw new Error(`go says "${said.trim()}"`)
}

/** The first proxy that GOPROXY names. */
function proxy(): string {
  const named = (process.env['GOPROXY'] ?? '').split(/[,|]/).find((each) => each.startsWith('http'))
  return (named ?? 'https://proxy.golang.org').replace(/\/$/, '')
}

async function fetchTo(url: string, path: string): Promise<void> {
  const response = await fetch(url)
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status}`)
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path))
}
