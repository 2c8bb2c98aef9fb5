import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The program that runs the bundles: the system tests name another Node here. */
export const node = { path: process.execPath }

export const cli = join(root, 'dist', 'cli', 'index.js')

export const pipeline = [
  ...['setup-data', 'train-on-runner', 'evaluate-gate'],
  ...['register-model', 'deploy-canary', 'drift-check'],
] as const
export type ActionName = (typeof pipeline)[number]

export interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly outputs: Readonly<Record<string, object>>
  readonly runs: { readonly using: string; readonly main: string; readonly post?: string }
}

export function actionFile(action: string): ActionFile {
  return parse(readFileSync(join(root, 'actions', action, 'action.yml'), 'utf8'))
}

/** Where the runner finds the program of an action: its `main`, from the folder of its action.yml. */
export function mainOf(action: string): string {
  return join(root, 'actions', action, actionFile(action).runs.main)
}

/** A copy of the small user repository beside this file. */
export class Project {
  static readonly #all = new Set<Project>()

  readonly folder = mkdtempSync(join(tmpdir(), 'modelway-bundle-'))

  constructor(source = fileURLToPath(new URL('./project/', import.meta.url))) {
    cpSync(source, this.folder, { recursive: true })
    Project.#all.add(this)
  }

  /** Those, too, that a test which failed has left with their processes. */
  static removeAll(): void {
    for (const project of Project.#all) project.remove()
  }

  at(...path: readonly string[]): string {
    return join(this.folder, ...path)
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'utf8')
  }

  /** Replaces a text that must be there. */
  change(path: string, from: string, to: string): void {
    const text = this.read(path)
    if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`)
    writeFileSync(this.at(path), text.replace(from, to))
  }

  copy(): Project {
    return new Project(this.folder)
  }

  /** The router's own file; undefined before it was ever up. */
  router(): RouterFile | undefined {
    const file = this.at('.modelway-router', 'router.json')
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  }

  remove(): void {
    const router = this.router()
    const versions = [router?.traffic.stable, router?.traffic.canary, router?.traffic.previous]
    for (const pid of [router?.pid, ...versions.map((version) => version?.pid)]) end(pid)
    rmSync(this.folder, { recursive: true, force: true })
    Project.#all.delete(this)
  }
}

interface Version {
  readonly version: string
  readonly pid?: number
}

export interface RouterFile {
  readonly pid: number | null
  readonly port: number
  readonly traffic: {
    readonly stable: Version
    readonly canary: Version | null
    readonly previous: Version | null
    readonly weight: number
    readonly rollout: object | null
  }
}

function end(pid: number | null | undefined): void {
  if (pid === null || pid === undefined) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

export const TOKEN = 'ghs_aSecretOfTheRun'

export interface StepOptions {
  readonly project: Project
  /** Over the defaults of action.yml. */
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** GitHub's API; without it there are no GITHUB_* variables at all, as in a plain shell. */
  readonly api?: string
  readonly event?: object
}

export interface StepResult {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
}

/** A step that runs, as the runner starts it. */
export class Step {
  readonly child: ChildProcess
  readonly #files: Readonly<Record<'output' | 'state' | 'summary', string>>
  readonly #folder: string
  stdout = ''
  stderr = ''

  constructor(action: ActionName, options: StepOptions) {
    this.#folder = mkdtempSync(join(tmpdir(), 'modelway-step-'))
    const at = (name: string): string => join(this.#folder, name)
    this.#files = { output: at('output'), state: at('state'), summary: at('summary') }
    for (const file of Object.values(this.#files)) writeFileSync(file, '')
    writeFileSync(at('event.json'), JSON.stringify(options.event ?? {}))
    mkdirSync(at('home'))
    const runner =
      options.api === undefined ? {} : this.#runner(options.api, options.project, at('event.json'))
    this.child = spawn(node.path, [mainOf(action)], {
      cwd: options.project.folder,
      env: {
        PATH: process.env['PATH'],
        HOME: at('home'),
        ...runner,
        ...inputsOf(action, options.inputs),
        ...options.env,
      },
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
    })
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
    })
  }

  #runner(api: string, project: Project, event: string): Record<string, string> {
    return {
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: project.folder,
      GITHUB_OUTPUT: this.#files.output,
      GITHUB_STATE: this.#files.state,
      GITHUB_STEP_SUMMARY: this.#files.summary,
      GITHUB_API_URL: api,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'modelway-ml/demo',
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_EVENT_PATH: event,
      GITHUB_SHA: 'c'.repeat(40),
      GITHUB_REF: 'refs/pull/1/merge',
      GITHUB_WORKFLOW: 'pipeline',
      GITHUB_JOB: 'job',
      GITHUB_RUN_ID: '77',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_ACTOR: 'octocat',
      RUNNER_TEMP: this.#folder,
    }
  }

  async finished(): Promise<StepResult> {
    if (this.child.exitCode === null && this.child.signalCode === null)
      await once(this.child, 'close')
    const outputs = parseOutputs(readFileSync(this.#files.output, 'utf8'))
    const summary = readFileSync(this.#files.summary, 'utf8')
    rmSync(this.#folder, { recursive: true, force: true })
    const { exitCode: code, signalCode: signal } = this.child
    return { code, signal, stdout: this.stdout, stderr: this.stderr, outputs, summary }
  }

  /** Resolves when the step has printed a text, or has ended. */
  async said(text: string): Promise<void> {
    while (!this.stdout.includes(text) && this.child.exitCode === null) await pause(5)
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}

/** Runs one step to its end. */
export function runStep(action: ActionName, options: StepOptions): Promise<StepResult> {
  return new Step(action, options).finished()
}

/** `INPUT_*` as the runner makes them: every input of action.yml, expressions evaluated. */
function inputsOf(
  action: ActionName,
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const inputs: Record<string, string> = {}
  for (const [name, { default: value = '' }] of Object.entries(actionFile(action).inputs)) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub Actions.
    inputs[name] = value === '${{ github.token }}' ? TOKEN : value
  }
  Object.assign(inputs, given)
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
  )
}

/** The file of outputs: `name<<delimiter`, lines, `delimiter`. */
function parseOutputs(text: string): Record<string, string> {
  const found = text.matchAll(/^([^\n<]+)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm)
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]))
}

/** The event of pull request 1, of this repository or of a fork. */
export function pullRequestEvent(head = 'modelway-ml/demo'): object {
  return {
    pull_request: {
      number: 1,
      head: { sha: 'd'.repeat(40), repo: { full_name: head } },
      base: { repo: { full_name: 'modelway-ml/demo' } },
    },
  }
}

/** Requests to the router of a project, one after the other, from when it is up until `stop`. */
export function sendTraffic(project: Project): { stop(): Promise<void> } {
  let stopping = false
  const done = (async () => {
    while (!stopping) {
      const router = project.router()
      if (router === undefined) await pause(20)
      else await ask(router.port)
    }
  })()
  return {
    stop: async () => {
      stopping = true
      await done
    },
  }
}

async function ask(port: number): Promise<void> {
  try {
    const url = `http://127.0.0.1:${port}/v2/models/small/infer`
    const answer = await fetch(url, { method: 'POST', body: '{"inputs":[]}' })
    await answer.text()
  } catch {
    // The router is not up, or no more.
    await pause(20)
  }
}
