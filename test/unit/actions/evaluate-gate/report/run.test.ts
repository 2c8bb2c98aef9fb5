import { afterEach, describe, expect, it } from '@jest/globals'
import { contract } from '../../../../../src/actions/evaluate-gate/contract.js'
import { runReport } from '../../../../../src/actions/evaluate-gate/report/run.js'
import { ReportSettings } from '../../../../../src/actions/evaluate-gate/report/settings.js'
import { requireForge } from '../../../../../src/runtime/require-forge.js'
import { actionMode, runAction } from '../../../../../src/runtime/run-action.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import { shaOf } from '../../../../fakes/github/setup.js'
import { makeZip, type ZipFile } from '../../../../fakes/zip.js'
import { verdictPredicate, verdictStatement } from '../verdict-statement.js'

const FORK = 'stranger/demo'
const HEAD = shaOf('head of the fork')
const RUN = 4711

/** The action as it is wired, but for its other modes. */
const action = {
  contract: { ...contract, inputs: { mode: { kind: 'text', description: '' } } } as const,
  job: () => Promise.reject(new Error('mode evaluate was run')),
  modes: {
    report: actionMode(ReportSettings, (context) => runReport(context, requireForge(context))),
  },
}

interface Reported {
  readonly code: number
  readonly comment: string | undefined
  readonly comments: readonly { readonly issue: number; readonly body: string }[]
  readonly printed: string
  readonly summary: string
}

describe('mode report', () => {
  let under: GitHubUnderTest | undefined
  afterEach(async () => {
    const violations = under?.github.violations
    await under?.close()
    under = undefined
    expect(violations ?? []).toEqual([])
  })

  async function start(run: Record<string, unknown> = {}): Promise<GitHubUnderTest> {
    under = await startGitHubHost({
      inputs: new Map([['mode', 'report']]),
      env: { GITHUB_EVENT_NAME: 'workflow_run', GITHUB_WORKFLOW: 'Gate report' },
      event: {
        action: 'completed',
        workflow_run: {
          id: RUN,
          name: 'Gate',
          event: 'pull_request',
          conclusion: 'failure',
          head_sha: HEAD,
          head_branch: 'topic',
          run_attempt: 1,
          head_repository: { full_name: FORK },
          repository: { full_name: 'modelway-ml/demo' },
          pull_requests: [],
          ...run,
        },
      },
    })
    under.github.addPullRequest({ number: 2, fork: FORK, headRef: 'topic', headSha: HEAD })
    return under
  }

  async function report(): Promise<Reported> {
    if (under === undefined) throw new Error('not started')
    const code = await runAction(action, {
      host: under.host,
      cwd: under.folder,
      env: {},
      distribution: new URL('file:///dist/'),
      now: () => new Date(0),
      debug: false,
    })
    const { comments } = under.github.state
    return {
      ...{ code, comments, comment: comments[0]?.body },
      printed: under.printed(),
      summary: await under.summary(),
    }
  }

  function upload(files: readonly ZipFile[], name = 'modelway-verdict'): void {
    under?.github.addArtifact({ name, runId: RUN, zip: makeZip(files) })
  }

  async function reportOf(predicate: object): Promise<Reported> {
    await start()
    upload([{ name: 'verdict.json', data: verdictStatement(predicate) }])
    return report()
  }

  it.each(['verdict.json', '.modelway/verdict.json'])(
    'shows the verdict in %s, as what the fork says',
    async (name) => {
      await start()
      upload([
        { name, data: verdictStatement(verdictPredicate(HEAD)) },
        { name: 'other.html', data: '<b>' },
      ])
      const { code, comment, comments, printed } = await report()
      expect(code).toBe(0)
      expect(comments.map(({ issue }) => issue)).toEqual([2])
      expect(comment).toContain('**Pass**')
      expect(comment).toMatch(/self-reported/i)
      expect(comment).toContain(`https://github.com/modelway-ml/demo/actions/runs/${RUN}`)
      expect(comment).toContain('This report does not gate')
      expect(comment).not.toContain('other')
      expect(printed).toContain('This job does not gate')
    },
  )

  it('has its own comment, whatever the fork calls its workflow', async () => {
    await start({ name: 'Modelway pipeline' })
    upload([{ name: 'verdict.json', data: verdictStatement(verdictPredicate(HEAD)) }])
    expect((await report()).comment).toContain('workflow=Gate%20report')
  })

  it('asks GitHub which pull request it is, and not the artifact', async () => {
    const predicate = { ...verdictPredicate(HEAD), change: { commit: HEAD, pullRequest: 1 } }
    const { comments } = await reportOf(predicate)
    expect(comments.map(({ issue }) => issue)).toEqual([2])
  })

  it('ignores a verdict older than the head', async () => {
    await start()
    upload([{ name: 'verdict.json', data: verdictStatement(verdictPredicate(HEAD)) }])
    under?.github.push(2, shaOf('newer'))
    const { code, comments, printed, summary } = await report()
    expect([code, comments]).toEqual([0, []])
    expect(printed).toContain("older than the pull request's head")
    expect(summary).toContain('nothing was written')
  })

  it('leaves the comment of the newer verdict as it is', async () => {
    await start()
    upload([{ name: 'verdict.json', data: verdictStatement(verdictPredicate(HEAD)) }])
    const first = await report()
    under?.github.push(2, shaOf('newer'))
    const second = await report()
    expect(second.comment).toBe(first.comment)
  })

  it.each([
    ['a push', { event: 'push' }, 'was for push'],
    ['a fork that is there no more', { head_repository: null }, 'is there no more'],
    ['a branch without a pull request', { head_branch: 'other' }, 'No open pull request'],
    [
      'another repository of the same owner',
      { head_repository: { full_name: 'stranger/x' } },
      'No open pull request',
    ],
  ])('says nothing for %s', async (_what, run, why) => {
    await start(run)
    upload([{ name: 'verdict.json', data: verdictStatement(verdictPredicate(HEAD)) }])
    const { code, comments, printed } = await report()
    expect([code, comments]).toEqual([0, []])
    expect(printed).toContain(why)
  })

  it('does not guess between several pull requests with one head', async () => {
    await start()
    under?.github.addPullRequest({
      number: 3,
      fork: FORK,
      headRef: 'topic',
      headSha: HEAD,
      baseRef: 'next',
    })
    const { comments, printed } = await report()
    expect(comments).toEqual([])
    expect(printed).toContain('#3, #2')
  })

  const commit = (predicate: object, change: object) => ({ ...predicate, ...change })
  const good = verdictPredicate(HEAD)
  it.each<[string, readonly ZipFile[], string]>([
    ['no verdict', [{ name: 'x', data: 'y' }], 'holds no verdict.json'],
    ['text', [{ name: 'verdict.json', data: 'hello' }], 'is not a statement'],
    ['bytes', [{ name: 'verdict.json', data: Buffer.from([0xff, 0xfe]) }], 'is not a statement'],
    ['deep JSON', [{ name: 'verdict.json', data: '['.repeat(1_000_000) }], 'is not a statement'],
    [
      'huge JSON',
      [{ name: 'verdict.json', data: `"${'x'.repeat(5_000_000)}"` }],
      'more than 4000000 bytes',
    ],
    [
      'a bomb',
      [{ name: 'verdict.json', data: Buffer.alloc(50_000_000), declaredSize: 9 }],
      'artifact',
    ],
    ['a slip', [{ name: '../verdict.json', data: verdictStatement(good) }], 'unpacked safely'],
    [
      '10,000 files',
      Array.from({ length: 10_000 }, (_, i) => ({ name: `f${i}` })),
      'at most 20 are read',
    ],
    [
      'two verdicts',
      ['verdict.json', '.modelway/verdict.json'].map((name) => ({
        name,
        data: verdictStatement(good),
      })),
      'two verdicts',
    ],
    [
      'another statement',
      [
        {
          name: 'verdict.json',
          data: verdictStatement(good).replace('/verdict/v1', '/training/v1'),
        },
      ],
      'is no verdict',
    ],
    [
      'another commit',
      [{ name: 'verdict.json', data: verdictStatement(verdictPredicate(shaOf('else'))) }],
      'for another commit',
    ],
    [
      'no commit',
      [{ name: 'verdict.json', data: verdictStatement(commit(good, { change: null })) }],
      'form of one',
    ],
    [
      'too much text',
      [{ name: 'verdict.json', data: verdictStatement(commit(good, { task: 'x'.repeat(9999) })) }],
      'form of one',
    ],
    [
      'a kinder decision than its checks',
      [
        {
          name: 'verdict.json',
          data: verdictStatement(
            commit(good, { checks: [{ ...(good['checks'] as object[])[0], status: 'fail' }] }),
          ),
        },
      ],
      'kinder than the checks',
    ],
  ])('says that there is no verdict to show for %s', async (_what, files, why) => {
    await start()
    upload(files)
    const { code, comment, printed } = await report()
    expect(code).toBe(0)
    expect(printed).toContain(why)
    expect(comment).toContain('**No verdict**')
    expect(comment).toContain(`actions/runs/${RUN}`)
    expect(comment).not.toContain('**Pass**')
  })

  it('says so when nothing was uploaded, too', async () => {
    await start()
    upload([{ name: 'verdict.json', data: verdictStatement(good) }], 'something-else')
    const { code, comment } = await report()
    expect(code).toBe(0)
    expect(comment).toContain('**No verdict**')
    expect(comment).toContain('uploaded no artifact named modelway')
  })

  it('shows hostile text of any field as text', async () => {
    const evil =
      '@team <img src=x onerror=alert(1)> [x](https://evil) | </details> ![i](http://e/x.png) #1 **b**\n# h\n<!-- modelway:end name=evaluate-gate --> `c` https://evil.example'
    const [check] = good['checks'] as Record<string, unknown>[]
    const hostile = {
      ...good,
      predictions: { path: evil, sha256: evil },
      baseline: { source: evil, digest: evil, ageDays: 1 },
      slices: [{ column: evil, values: 1, judged: 0, skipped: 1, minSize: 50 }],
      policySource: { ref: 'head', commit: evil, path: evil, changes: [`- ${evil}`, `+ ${evil}`] },
      inputs: [{ predicateType: evil, digest: `sha256:${'0'.repeat(64)}` }],
      checks: [
        { ...check, id: evil, metric: evil, reason: evil },
        { ...check, slice: { column: evil, value: evil }, reason: evil, rule: { [evil]: evil } },
      ],
    }
    const { comment = '', comments } = await reportOf(hostile)
    expect(comments).toHaveLength(1)
    expect(comment).toContain('**Pass**')
    // Code blocks and diagrams show text as it is; what is left is Markdown that GitHub reads.
    const read = comment.replace(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, '')
    for (const live of [
      /@team/,
      /<img/i,
      /\]\(https:\/\/evil/,
      /!\[i\]/,
      /\*\*b\*\*/,
      /^# h/m,
      /(?<!`)https:\/\/evil\.example/,
    ]) {
      expect(read).not.toMatch(live)
    }
    expect(comment.match(/<!-- modelway:end /g)).toHaveLength(1)
  })

  it('is a mistake in another event', async () => {
    under = await startGitHubHost({ inputs: new Map([['mode', 'report']]) })
    const { code, printed } = await report()
    expect(code).toBe(2)
    expect(printed).toContain('MW-HOST-021: gate.mode: mode report needs the event workflow_run')
  })

  it('warns when it may not comment, and stays green', async () => {
    await start()
    upload([{ name: 'verdict.json', data: verdictStatement(good) }])
    under?.github.addWorkflowToken('ghs_workflow', {
      permissions: { actions: 'read', 'pull-requests': 'read' },
    })
    const { code, comments, printed, summary } = await report()
    expect([code, comments]).toEqual([0, []])
    expect(printed).toContain('The comment could not be written')
    expect(summary).toContain('**Pass**')
  })
})
