import { copyFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached } from './cache.js'
import { command } from './command.js'
import { ensureGo } from './go.js'
import { buildProgram, moduleFolder } from './go-program.js'

/** As in flagger/go.mod, beside this file, which pins all that is in the program. */
const VERSION = '1.43.0'
/** Changes with what is changed in its source. */
const CONTENT = 'a'
const SOURCE = 'github.com/fluxcd/flagger'
const MODULE = new URL('./flagger/', import.meta.url).pathname
/** The one constant that is changed: Flagger looks every ten seconds or less often, and tests cannot wait for that. */
const LEAST_INTERVAL = {
  file: 'pkg/apis/flagger/v1beta1/canary.go',
  from: 'if interval < 10*time.Second {\n\t\treturn time.Second * 10\n',
  to: 'if interval < 100*time.Millisecond {\n\t\treturn 100 * time.Millisecond\n',
}

export interface FlaggerPrograms {
  readonly version: string
  readonly flagger: string
  /** A folder of YAML files with CustomResourceDefinitions. */
  readonly definitions: string
}

/** The genuine controller, but for its least interval, built from the modules of the Go proxy: about two minutes on two cores, once. */
export async function ensureFlaggerPrograms(): Promise<FlaggerPrograms> {
  const folder = await ensureFlagger()
  return { version: VERSION, flagger: join(folder, 'flagger'), definitions: folder }
}

/** The folder of the program and of its definitions. */
export function ensureFlagger(): Promise<string> {
  return ensureCached({ name: 'flagger', version: `${VERSION}-${CONTENT}`, fill })
}

async function fill(folder: string): Promise<void> {
  const go = await ensureGo()
  const original = await moduleFolder(go, `${SOURCE}@v${VERSION}`, folder)
  const changed = join(folder, 'source')
  await mkdir(changed)
  for (const part of ['cmd', 'pkg', 'go.mod', 'go.sum']) {
    await cp(join(original, part), join(changed, part), { recursive: true })
  }
  // Files of Go's cache are read-only.
  await command('chmod', ['-R', 'u+w', changed])
  await shortenInterval(join(changed, LEAST_INTERVAL.file))
  const within = join(folder, 'module')
  await mkdir(within)
  for (const name of ['go.sum', 'tools.go']) await copyFile(join(MODULE, name), join(within, name))
  const pinned = await readFile(join(MODULE, 'go.mod'), 'utf8')
  await writeFile(join(within, 'go.mod'), `${pinned}\nreplace ${SOURCE} => ../source\n`)
  const program = join(folder, 'flagger')
  await buildProgram(go, { within, source: `${SOURCE}/cmd/flagger`, program })
  await copyFile(join(original, 'artifacts', 'flagger', 'crd.yaml'), join(folder, 'crd.yaml'))
  for (const name of [changed, within]) await rm(name, { recursive: true })
  const said = await command(program, ['-version'])
  if (!said.includes(VERSION)) throw new Error(`flagger says "${said.trim()}"`)
}

async function shortenInterval(path: string): Promise<void> {
  const { from, to } = LEAST_INTERVAL
  const text = await readFile(path, 'utf8')
  if (!text.includes(from)) throw new Error(`${path} has no longer the interval that is shortened.`)
  await writeFile(path, text.replace(from, to))
}
