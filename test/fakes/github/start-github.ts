import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Desk, type JournalEntry, type Violation } from './desk.js'
import type { Failures } from './failures.js'
import { Setup } from './setup.js'
import { GitHubState } from './state.js'

export interface GitHubFake extends Setup {
  /** For GITHUB_API_URL. */
  readonly url: string
  readonly state: GitHubState
  readonly journal: readonly JournalEntry[]
  readonly violations: readonly Violation[]
  readonly failures: Failures
  close(): Promise<void>
}

export interface GitHubOptions {
  /** `owner/name`; other repositories are not found. */
  readonly repository?: string | undefined
  /** `/api/v3` makes it look like an Enterprise Server. */
  readonly basePath?: string | undefined
  readonly port?: number | undefined
}

/** Starts a stand-in for GitHub's REST API on loopback; it knows no token and no pull request yet. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHubFake> {
  const state = new GitHubState(options.repository ?? 'modelway-ml/demo')
  const basePath = options.basePath ?? ''
  const site = { api: '', state }
  const desk = new Desk(site, basePath)
  const server = createServer((request, response) => {
    desk.serve(request, response).catch((error: unknown) => {
      desk.violations.push({ kind: 'response', operation: 'crash', problems: [String(error)] })
      response.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  site.api = `http://127.0.0.1:${(server.address() as AddressInfo).port}${basePath}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  const { journal, violations, failures } = desk
  return Object.assign(new Setup(state, failures), {
    url: site.api,
    state,
    journal,
    violations,
    failures,
    close,
  })
}
