import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ensureAct } from '../../../tools/install/act.js'
import { ensureNode24 } from '../../../tools/install/node24.js'
import {
  type ActAnnotation,
  type ActEvent,
  type ActJob,
  type ActOutputs,
  type ActStep,
  type ActSummary,
  annotationsOf,
  fetchedOf,
  jobsOf,
  logOf,
  outputsOf,
  parseEvents,
  stepsOf,
  summariesOf,
} from './act-events.js'

export interface ActOptions {
  /** The user's repository, in which the workflow is: a folder under git (what git ignores is not seen by the jobs). */
  readonly cwd: string
  /** Its name for GITHUB_REPOSITORY: `owner/name`. */
  readonly repo: string
  /** Path of the workflow within `cwd`. */
  readonly workflow: string
  /** `push`, `pull_request`, `workflow_dispatch`, … */
  readonly event: string
  /** A file with the event's JSON. */
  readonly eventFile?: string | undefined
  /** Only this job and those that it needs. */
  readonly job?: string | undefined
  readonly inputs?: Readonly<Record<string, string>> | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly secrets?: Readonly<Record<string, string>> | undefined
  readonly variables?: Readonly<Record<string, string>> | undefined
  /** `owner/name@ref` → folder, for each `uses:` of another repository. */
  readonly localRepositories: Readonly<Record<string, string>>
  /** Labels of runners, all of which are this machine. */
  readonly labels?: readonly string[] | undefined
  /** Of test/fakes/results. */
  readonly resultsUrl: string
  /** Of test/fakes/github; the server's own address stays github.com, or the toolkit would expect an Enterprise Server. */
  readonly githubUrl: string
  /** For artifacts, which are kept by run. */
  readonly runId?: string | undefined
  readonly timeoutMs?: number | undefined
}

export interface ActResult {
  readonly exitCode: number
  readonly events: readonly ActEvent[]
  readonly jobs: readonly ActJob[]
  readonly steps: readonly ActStep[]
  readonly outputs: ActOutputs
  readonly summaries: readonly ActSummary[]
  readonly annotations: readonly ActAnnotation[]
  /** Repositories that were fetched from the network: should be none. */
  readonly fetched: readonly string[]
  readonly log: string
  readonly runId: string
}

let runs = 0

/** Runs a workflow on this machine, without containers, with Node 24 as the runner has it. */
export async function runAct(options: ActOptions): Promise<ActResult> {
  const [program, node] = [await ensureAct(), await ensureNode24()]
  runs += 1
  const runId = options.runId ?? String(process.pid * 1000 + runs)
  const scratch = await mkdtemp(join(tmpdir(), 'modelway-act-'))
  await mkdir(join(scratch, 'home'))
  try {
    const run = await execute({
      program,
      args: argumentsOf(options, { scratch, runId, ports: await freePorts(2) }),
      cwd: options.cwd,
      env: {
        PATH: [node, process.env['PATH']].join(delimiter),
        HOME: join(scratch, 'home'),
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        ACTIONS_RUNTIME_URL: options.resultsUrl,
        GITHUB_RUN_ID: runId,
      },
      timeoutMs: options.timeoutMs ?? 170_000,
    })
    return describeRun(run, runId)
  } finally {
    await endLeftovers(scratch)
    await rm(scratch, { recursive: true, force: true })
  }
}

/** What the steps left running in their workspace, which would go away with a hosted runner. Linux only. */
async function endLeftovers(folder: string): Promise<void> {
  const processes = await readdir('/proc').catch(() => [])
  for (const pid of processes.filter((name) => /^\d+$/.test(name)).map(Number)) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (!cwd.startsWith(`${folder}/`)) continue
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

interface Surroundings {
  readonly scratch: string
  readonly runId: string
  readonly ports: readonly number[]
}

function argumentsOf(options: ActOptions, { scratch, runId, ports }: Surroundings): string[] {
  const [artifactPort, cachePort] = ports
  const environment = {
    GITHUB_API_URL: options.githubUrl,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: options.repo,
    GITHUB_RUN_ID: runId,
    ACTIONS_CACHE_SERVICE_V2: '1',
    ...options.env,
  }
  return [
    options.event,
    '--json',
    ...['-W', options.workflow],
    ...(options.eventFile === undefined ? [] : ['-e', options.eventFile]),
    ...(options.job === undefined ? [] : ['-j', options.job]),
    ...(options.labels ?? ['ubuntu-latest']).flatMap((label) => ['-P', `${label}=-self-hosted`]),
    ...['--action-offline-mode', '--pull=false', '--action-cache-path', join(scratch, 'actions')],
    // act binds to the machine's outward address, and to ports from which outgoing connections are made, if not told.
    ...[
      '--artifact-server-path',
      join(scratch, 'artifacts'),
      '--artifact-server-addr',
      '127.0.0.1',
    ],
    ...['--artifact-server-port', String(artifactPort)],
    ...['--cache-server-path', join(scratch, 'cache'), '--cache-server-addr', '127.0.0.1'],
    ...['--cache-server-port', String(cachePort)],
    ...pairs('--local-repository', options.localRepositories),
    ...pairs('--env', environment),
    ...pairs('-s', options.secrets),
    ...pairs('--var', options.variables),
    ...pairs('--input', options.inputs),
  ]
}

function pairs(flag: string, values: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
}

interface Execution {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly timeoutMs: number
}

function execute(one: Execution): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    // A process group of its own, so that what the steps started ends with it.
    const child = spawn(one.program, one.args, {
      cwd: one.cwd,
      env: one.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
    })
    const timer = setTimeout(() => {
      stderr += `\nstopped after ${one.timeoutMs} ms`
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, one.timeoutMs)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ code: code ?? 137, stdout, stderr })
    })
  })
}

function describeRun(
  run: { readonly code: number; readonly stdout: string; readonly stderr: string },
  runId: string,
): ActResult {
  const events = [...parseEvents(run.stdout), ...parseEvents(run.stderr)]
  const others = run.stderr.split('\n').filter((line) => !line.startsWith('{'))
  return {
    exitCode: run.code,
    events,
    jobs: jobsOf(events),
    steps: stepsOf(events),
    outputs: outputsOf(events),
    summaries: summariesOf(events),
    annotations: annotationsOf(events),
    fetched: fetchedOf(events),
    log: [logOf(events), ...others].join('\n'),
    runId,
  }
}

/** Free ports below 32768, from where Linux takes the ports of outgoing connections. */
async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>()
  for (let tried = 0; found.size < count && tried < 200; tried += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (await isFree(port)) found.add(port)
  }
  if (found.size < count) throw new Error('There is no free port between 20000 and 32000.')
  return [...found]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
