import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { createArtifacts } from '../../src/adapters/host/github/artifacts.js'
import { createCache } from '../../src/adapters/host/github/cache.js'
import { createForge } from '../../src/adapters/host/github/forge.js'
import { createGitHubHost } from '../../src/adapters/host/github/index.js'
import type { Host } from '../../src/ports/host.js'
import { type GitHubFake, startGitHub } from '../fakes/github/start-github.js'
import type { HostUnderTest } from './host.contract.js'

export interface GitHubUnderTest extends HostUnderTest {
  readonly github: GitHubFake
  readonly env: Readonly<Record<string, string>>
  /** What was asked of `sleep`, in milliseconds. */
  readonly slept: readonly number[]
  readonly folder: string
  /** Raw standard output, with all commands. */
  raw(): string
  /** Another job's host on the same pull request. */
  another(env?: Readonly<Record<string, string>>): Host
}

export interface GitHubHostOptions {
  readonly inputs?: ReadonlyMap<string, string>
  readonly env?: Readonly<Record<string, string>>
  readonly event?: unknown
  readonly basePath?: string
}

const TOKEN = 'ghs_workflow'
const VARIABLES = ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const

export function pullRequestEvent(number: number, headRepository: string | null) {
  const repo = headRepository === null ? null : { full_name: headRepository }
  return {
    pull_request: {
      number,
      head: { sha: 'f'.repeat(40), repo },
      base: { repo: { full_name: 'modelway-ml/demo' } },
    },
  }
}

/** A step of a run for pull request 1, with the runner's files and a stand-in for GitHub. */
export async function startGitHubHost(options: GitHubHostOptions = {}): Promise<GitHubUnderTest> {
  const github = await startGitHub(options.basePath ? { basePath: options.basePath } : {})
  github.addWorkflowToken(TOKEN)
  github.addPullRequest({ number: 1 })
  const folder = await mkdtemp(join(tmpdir(), 'modelway-host-'))
  const event = options.event ?? pullRequestEvent(1, 'modelway-ml/demo')
  await writeFile(join(folder, 'event.json'), JSON.stringify(event))
  const files = Object.fromEntries(VARIABLES.map((name) => [name, join(folder, name)]))
  for (const file of Object.values(files)) await writeFile(file, '')
  const env: Record<string, string> = {
    ...runnerEnv(github.url, folder),
    ...files,
    ...inputsOf(options),
    ...options.env,
  }
  for (const name of VARIABLES) process.env[name] = env[name]
  let raw = ''
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    raw += String(chunk)
    return true
  })
  const slept: number[] = []
  const pauses = {
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds)
      await new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds / 20, 40)))
    },
  }
  const another = (more = {}): Host =>
    createGitHubHost(
      { ...env, ...more },
      { artifacts: createArtifacts, cache: createCache, forge: createForge },
      pauses,
    )
  return {
    host: another(),
    github,
    env,
    slept,
    folder,
    another,
    raw: () => raw,
    printed: () => printedOf(raw),
    outputs: async () => readFileCommands(await readFile(join(folder, 'GITHUB_OUTPUT'), 'utf8')),
    summary: () => readFile(join(folder, 'GITHUB_STEP_SUMMARY'), 'utf8'),
    comment: async () => github.state.comments.at(-1)?.body,
    post: async () => another(await readState(join(folder, 'GITHUB_STATE'))),
    async close() {
      spy.mockRestore()
      for (const name of VARIABLES) delete process.env[name]
      await github.close()
      await rm(folder, { recursive: true })
    },
  }
}

function runnerEnv(api: string, folder: string) {
  return {
    'INPUT_GITHUB-TOKEN': TOKEN,
    GITHUB_API_URL: api,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'modelway-ml/demo',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_SHA: 'a'.repeat(40),
    GITHUB_REF: 'refs/pull/1/merge',
    GITHUB_WORKFLOW: 'ci',
    GITHUB_JOB: 'gate',
    GITHUB_RUN_ID: '77',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_ACTOR: 'octocat',
  }
}

function inputsOf({ inputs = new Map() }: GitHubHostOptions): Record<string, string> {
  const entries = [...inputs].map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  return Object.fromEntries(entries) as Record<string, string>
}

/** The log as a person reads it: commands of ours undone, as the runner does. */
function printedOf(raw: string): string {
  return raw
    .split('\n')
    .filter((line) => !/^::(add-mask|debug|endgroup)::/.test(line))
    .map((line) => line.replace(/^::(?:group|error|warning|notice)(?: ([^:]*))?::/, '$1 '))
    .map((line) => line.replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%25', '%'))
    .join('\n')
}

/** The runner's `name<<delimiter` format. */
export function readFileCommands(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const pattern = /^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2\n/gm
  for (const [, name, , value] of text.matchAll(pattern)) found.set(name ?? '', value ?? '')
  return found
}

async function readState(file: string): Promise<Record<string, string>> {
  const state = readFileCommands(await readFile(file, 'utf8'))
  return Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value]))
}
