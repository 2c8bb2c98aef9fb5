import { createClient } from '../../../../src/adapters/host/github/client.js'
import { createForge } from '../../../../src/adapters/host/github/forge.js'
import { DeploySection } from '../../../../src/config/deploy.js'
import type { Forge } from '../../../../src/ports/forge.js'
import type { Log, RunFacts } from '../../../../src/ports/host.js'
import { shaOf } from '../../../fakes/github/setup.js'
import { type GitHubFake, startGitHub } from '../../../fakes/github/start-github.js'

export const RUN = 77
export const COMMIT = shaOf('what is deployed')
export const PIN = COMMIT.slice(0, 12)
export const DIGEST = `sha256:${'d'.repeat(64)}`

/**
 * Ann made the change (pull request 7, merged), mia starts the run and may maintain; max may maintain, wes may write, rea may
 * read. The forge is GitHub's adapter over the strict fake, whose clock is the test's.
 */
export class PeopleWorld {
  readonly github: GitHubFake
  readonly forge: Forge
  readonly warnings: string[] = []
  readonly signal = new AbortController()
  /** Done at each pause of a wait. */
  readonly meanwhile: (() => void)[] = []
  readonly slept: number[] = []
  #at: number

  private constructor(github: GitHubFake) {
    this.github = github
    const env = { GITHUB_API_URL: github.url }
    const run = { repository: 'modelway-ml/demo' } as RunFacts
    const pauses = { sleep: async () => undefined, random: () => 0, now: Date.now }
    const client = createClient({ env, token: 'ghs_workflow', run, log: this.log, pauses })
    if (client === undefined) throw new Error('no client')
    this.forge = createForge({ client, hide: (text) => text, pauses })
    this.#at = Date.UTC(2026, 0, 1)
  }

  static async start(basePath = ''): Promise<PeopleWorld> {
    const github = await startGitHub(basePath === '' ? {} : { basePath })
    github.addWorkflowToken('ghs_workflow')
    github.addPullRequest({ number: 7, author: 'ann', headSha: COMMIT, state: 'closed' })
    for (const [login, permission, role] of [
      ['ann', 'admin', 'admin'],
      ['mia', 'write', 'maintain'],
      ['max', 'write', 'maintain'],
      ['wes', 'write', 'write'],
      ['rea', 'read', 'read'],
    ] as const) {
      github.addCollaborator(login, permission, role)
    }
    return new PeopleWorld(github)
  }

  /** Violations of GitHub's description, and faults that were ordered and not met. */
  async close(): Promise<unknown> {
    await this.github.close()
    return [...this.github.violations, ...Array(this.github.failures.pending).fill('not met')]
  }

  readonly now = (): Date => new Date(this.#at)

  /** Time goes on, for the forge too. */
  wait(milliseconds: number): void {
    this.#at += milliseconds
    this.github.state.setClock(this.#at)
  }

  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.slept.push(milliseconds)
    this.wait(milliseconds)
    this.meanwhile.shift()?.()
  }

  get log(): Log {
    const ignore = () => undefined
    return {
      debug: ignore,
      info: ignore,
      warn: (message) => void this.warnings.push(message),
      error: ignore,
      group: (_title, work) => work(),
    }
  }

  /** What an action's context has of this world. */
  context(settings: object, run: Partial<RunFacts> = {}) {
    return {
      settings: DeploySection.parse(settings),
      forge: this.forge,
      log: this.log,
      now: this.now,
      signal: this.signal.signal,
      project: 'census',
      run: {
        runId: String(RUN),
        runAttempt: 1,
        sha: COMMIT,
        headSha: undefined,
        actor: 'mia',
        runUrl: 'https://github.com/modelway-ml/demo/actions/runs/77',
        pullRequest: undefined,
        ...run,
      } as RunFacts,
    }
  }

  /** The texts of our own comments, in order. */
  said(): readonly string[] {
    return this.github.state.comments
      .filter(({ user }) => user.type === 'Bot' && user.login === 'github-actions[bot]')
      .map(({ body }) => body)
  }

  reactions(comment: number): readonly string[] {
    return this.github.state.reactions
      .filter((one) => one.comment === comment)
      .map(({ content }) => content)
  }
}
