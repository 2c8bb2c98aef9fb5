import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** The example's folder. */
export const EXAMPLE = fileURLToPath(new URL('../../../examples/census/', import.meta.url))

export const FEATURES = [
  ...['AGEP', 'SCHL', 'MAR', 'RELP', 'DIS', 'ESP', 'CIT', 'MIG'],
  ...['MIL', 'ANC', 'NATIVITY', 'DEAR', 'DEYE', 'DREM', 'SEX', 'RAC1P'],
]

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A script of the example as a child process, with what it printed so far. */
export class Script {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''

  constructor(script: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const env = { PATH: process.env['PATH'], ...environment }
    this.child = spawn(process.execPath, [join(EXAMPLE, script), ...args], { cwd: EXAMPLE, env })
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += String(chunk)
    })
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk)
    })
  }

  async finished(): Promise<Finished> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'close')
    }
    return { code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr }
  }

  /** The address that serve.mjs prints when it is ready. */
  async address(): Promise<string> {
    for (;;) {
      const url = /listening on (http:\S+)\n/.exec(this.stdout)?.[1]
      if (url !== undefined) return url
      if (this.child.exitCode !== null) throw new Error(`serve.mjs ended: ${this.stderr}`)
      await new Promise((done) => setTimeout(done, 10))
    }
  }

  async stop(): Promise<Finished> {
    this.child.kill('SIGTERM')
    return this.finished()
  }
}

export async function run(
  script: string,
  args: readonly string[],
  environment?: NodeJS.ProcessEnv,
): Promise<Finished> {
  return new Script(script, args, environment).finished()
}

/** A folder that is gone after the tests. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'modelway-census-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Every `step`-th row of one of the example's years, as a plain CSV file. */
export function writeSample(options: {
  readonly year: number
  readonly step: number
  readonly to: string
}): void {
  const text = gunzipSync(readFileSync(join(EXAMPLE, `data/${options.year}.csv.gz`))).toString()
  const [header = '', ...rows] = text.trimEnd().split('\n')
  const kept = rows.filter((_, row) => row % options.step === 0)
  writeFileSync(options.to, `${[header, ...kept].join('\n')}\n`)
}

/** The rows of a CSV file without quotes, by column name. */
export function readRows(path: string): readonly Readonly<Record<string, string>>[] {
  const [header = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n')
  const names = header.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))
  })
}
