import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import type { RolloutPredicate } from '../../../src/statements/schemas/rollout.js'
import type { Project } from '../../acceptance/bundles/bundle.js'

const CLI = fileURLToPath(new URL('../../../src/cli/index.ts', import.meta.url))
const LOADER = import.meta.resolve('tsx')

export interface Ended {
  readonly code: number | null
  /** The statement's predicate; undefined where there is no statement. */
  readonly predicate: RolloutPredicate | undefined
  readonly log: string
}

/** `modelway deploy-canary` in a process of its own, from the sources. */
export class Runner {
  readonly #child: ChildProcess
  readonly #out: { stdout: string; stderr: string } = { stdout: '', stderr: '' }

  constructor(project: Project, args: readonly string[] = []) {
    const words = ['--import', LOADER, CLI, 'deploy-canary', '--json', ...args]
    this.#child = spawn(process.execPath, words, {
      cwd: project.folder,
      env: { PATH: process.env['PATH'], HOME: project.folder },
    })
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#out[name] += text
      })
    }
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  get log(): string {
    return this.#out.stderr
  }

  async kill(): Promise<void> {
    const closed = once(this.#child, 'close')
    this.#child.kill('SIGKILL')
    await closed
  }

  async ended(): Promise<Ended> {
    if (this.isRunning) await once(this.#child, 'close')
    const { stdout, stderr: log } = this.#out
    const statement = stdout.trim() === '' ? undefined : JSON.parse(stdout)
    return { code: this.#child.exitCode, predicate: statement?.predicate, log }
  }
}

export function deploySettings(project: Project, deploy: object): void {
  const settings = { ...parse(project.read('modelway.yml')), deploy }
  writeFileSync(project.at('modelway.yml'), stringify(settings))
}

/** What another runner has: the settings and the registry, and none of the statements of the runs before. */
export function withoutRecord(project: Project, keep: 'state-dir' | 'nothing'): Project {
  const copy = project.copy()
  rmSync(copy.at('.modelway'), { recursive: true, force: true })
  if (keep === 'nothing') rmSync(copy.at('.modelway-router'), { recursive: true, force: true })
  return copy
}
