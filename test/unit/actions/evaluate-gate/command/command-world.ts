import { runCommand } from '../../../../../src/actions/evaluate-gate/command/run.js'
import { CommandSettings } from '../../../../../src/actions/evaluate-gate/command/settings.js'
import { contract } from '../../../../../src/actions/evaluate-gate/contract.js'
import { createClient } from '../../../../../src/adapters/host/github/client.js'
import { createForge } from '../../../../../src/adapters/host/github/forge.js'
import type { Forge } from '../../../../../src/ports/forge.js'
import { requireForge } from '../../../../../src/runtime/require-forge.js'
import { actionMode, runAction } from '../../../../../src/runtime/run-action.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import { shaOf } from '../../../../fakes/github/setup.js'
import type { Comment } from '../../../../fakes/github/state.js'

export const FORK = 'stranger/demo'
export const HEAD = shaOf('reviewed')
export const PULL = 2

const action = {
  contract: { ...contract, inputs: { mode: { kind: 'text', description: '' } } } as const,
  job: () => Promise.reject(new Error('mode evaluate was run')),
  modes: {
    command: actionMode(CommandSettings, (context) => runCommand(context, requireForge(context))),
  },
}

export interface Answered {
  readonly code: number
  readonly outputs: ReadonlyMap<string, string>
  /** What was answered on the pull request. */
  readonly replies: readonly string[]
  readonly reactions: readonly string[]
  readonly printed: string
}

/** A pull request from a fork, people with rights and without, and a policy on the base branch. */
export class CommandWorld {
  readonly under: GitHubUnderTest

  private constructor(under: GitHubUnderTest) {
    this.under = under
  }

  static async start(policy = 'allow: [Ann, bob, stranger]'): Promise<CommandWorld> {
    const under = await startGitHubHost()
    const { github } = under
    github.addPullRequest({
      number: PULL,
      fork: FORK,
      author: 'stranger',
      headRef: 'topic',
      headSha: HEAD,
    })
    for (const login of ['ann', 'bob', 'carol']) github.addCollaborator(login, 'write')
    github.addCollaborator('reader', 'read')
    github.addRef('main', shaOf('base'))
    github.addFile(shaOf('base'), 'modelway.yml', `gate:\n  overrides: { ${policy} }\n`)
    return new CommandWorld(under)
  }

  get github() {
    return this.under.github
  }

  /** The forge of another job, whose log nobody reads. */
  get forge(): Forge {
    const { run } = this.under.host
    const say = () => undefined
    const log = {
      debug: say,
      info: say,
      warn: say,
      error: say,
      group: <T>(_: string, work: () => Promise<T>) => work(),
    }
    const pauses = { sleep: async () => undefined, random: () => 0, now: Date.now }
    const client = createClient({ env: this.under.env, token: 'ghs_workflow', run, log, pauses })
    if (client === undefined) throw new Error('no client')
    return createForge({ client, hide: (text) => text, pauses })
  }

  /** A run of the pull request's head, as GitHub has one for each push. */
  ran(conclusion = 'success') {
    return this.github.addRun({ pull: PULL, conclusion })
  }

  says(login: string, body: string): Comment {
    return this.github.addComment(PULL, login, body)
  }

  /** The workflow for a comment. */
  async answer(
    comment: Comment,
    event: { action?: string; body?: string; inputs?: [string, string][] } = {},
  ): Promise<Answered> {
    const before = this.github.state.comments.length
    const { host, under } = await this.host(comment, event)
    try {
      const code = await runAction(action, {
        host,
        cwd: under.folder,
        env: {},
        distribution: new URL('file:///dist/'),
        now: () => new Date(0),
        debug: false,
      })
      return {
        code,
        outputs: await under.outputs(),
        replies: this.github.state.comments.slice(before).map(({ body }) => body),
        reactions: this.github.state.reactions
          .filter((one) => one.comment === comment.id)
          .map(({ content }) => content),
        printed: under.printed(),
      }
    } finally {
      await under.close()
    }
  }

  private async host(
    comment: Comment,
    {
      action: what = 'created',
      body = comment.body,
      inputs = [],
    }: { action?: string; body?: string; inputs?: [string, string][] },
  ) {
    const event = {
      action: what,
      issue: { number: comment.issue, pull_request: {} },
      comment: { id: comment.id, body, user: { login: comment.user.login } },
    }
    const under = await startGitHubHost({
      inputs: new Map([['mode', 'command'], ...inputs]),
      event,
      env: { GITHUB_EVENT_NAME: 'issue_comment', GITHUB_API_URL: this.github.url },
    })
    return { host: under.host, under }
  }

  async close(): Promise<readonly unknown[]> {
    await this.under.close()
    return this.github.violations
  }
}
