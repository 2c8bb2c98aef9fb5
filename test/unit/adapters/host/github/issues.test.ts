import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { ExternalError } from '../../../../../src/errors.js'
import type { Issues, RollingIssue } from '../../../../../src/ports/forge.js'
import type { Host } from '../../../../../src/ports/host.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import type { Issue } from '../../../../fakes/github/state.js'

let under: GitHubUnderTest
let issues: Issues

beforeEach(async () => {
  under = await startGitHubHost()
  issues = issuesOf(under.host)
})
afterEach(async () => {
  await under.close()
  expect(under.github.violations).toEqual([])
  expect(under.github.failures.pending).toBe(0)
})

function issuesOf(host: Host): Issues {
  if (host.forge === undefined) throw new Error('no forge')
  return host.forge.issues
}

const NAME = { project: 'census --> | @all', workflow: 'drift', labels: ['drift', 'ml'] }

function rolling(more: Partial<RollingIssue> = {}): RollingIssue {
  return {
    ...NAME,
    title: 'Drift: census',
    assignees: [],
    body: 'AGE DRIFTED',
    about: ['age'],
    comment: 'Now: age',
    ...more,
  }
}

function all(): readonly Issue[] {
  return [...under.github.state.tracked.values()]
}

function comments(): readonly string[] {
  return under.github.state.comments.map(({ body }) => body)
}

function failure(work: Promise<unknown>): Promise<ExternalError> {
  return work.then(
    () => {
      throw new Error('did not fail')
    },
    (error: ExternalError) => error,
  )
}

// @evidence GitHub REST API, issues: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('the rolling issue on GitHub', () => {
  it('is opened with title, labels and body, without a comment', async () => {
    const reported = await issues.report(rolling())
    expect(reported).toEqual({
      number: 2,
      url: 'https://github.com/modelway-ml/demo/issues/2',
      change: 'created',
      unassigned: false,
    })
    expect(all()).toMatchObject([
      { title: 'Drift: census', labels: ['drift', 'ml'], state: 'open' },
    ])
    expect(all()[0]?.body).toMatch(
      /^<!-- modelway:v1 .*-->\n<!-- modelway:issue .*-->\n\nAGE DRIFTED$/,
    )
    expect(comments()).toEqual([])
  })

  it('is brought up to date by the next run; the same columns, in any order, make no comment', async () => {
    await issues.report(rolling({ about: ['age', 'sex'] }))
    const again = issuesOf(under.another())
    const { change, number } = await again.report(rolling({ about: ['sex', 'age'], body: 'NEWER' }))
    expect({ change, number }).toEqual({ change: 'updated', number: 2 })
    expect(all()).toHaveLength(1)
    expect(all()[0]?.body).toContain('NEWER')
    expect(all()[0]?.body).not.toContain('AGE DRIFTED')
    expect(comments()).toEqual([])
  })

  it('gets one comment when the set of columns changes', async () => {
    await issues.report(rolling())
    await issues.report(rolling({ about: ['age', 'sex'], comment: 'Now: age, sex' }))
    await issues.report(rolling({ about: ['age', 'sex'], comment: 'Now: age, sex' }))
    expect(comments()).toEqual(['Now: age, sex'])
  })

  it('is closed with a comment when drift ends, once, and opened again, never a second', async () => {
    await issues.report(rolling())
    expect(await issues.resolve(NAME, 'No drift any more')).toEqual({
      number: 2,
      url: 'https://github.com/modelway-ml/demo/issues/2',
    })
    expect(all()).toMatchObject([{ state: 'closed', stateReason: 'completed' }])
    expect(await issues.resolve(NAME, 'No drift any more')).toBeUndefined()
    const { change } = await issues.report(rolling())
    expect(change).toBe('reopened')
    expect(all()).toMatchObject([{ number: 2, state: 'open', stateReason: 'reopened' }])
    expect(comments()).toEqual(['No drift any more', 'Now: age'])
  })

  it('is nothing to close where there never was one', async () => {
    expect(await issues.resolve(NAME, 'x')).toBeUndefined()
    expect(comments()).toEqual([])
  })

  it('is found behind a hundred others, and never a pull request', async () => {
    for (let count = 0; count < 120; count++) {
      under.github.addIssue('octocat', { title: 'x', body: 'x', labels: ['drift'] })
    }
    const { number } = await issues.report(rolling())
    const made = under.github.state.tracked.get(number)
    const twin = under.github.addIssue('github-actions[bot]', {
      title: 'a pull request',
      body: made?.body ?? '',
      labels: ['drift'],
    })
    Object.assign(twin, { isPull: true })
    expect(await issues.report(rolling())).toMatchObject({ number, change: 'updated' })
    expect(twin.state).toBe('open')
  })

  it.each([
    ['another project', { project: 'else' }],
    ['another workflow', { workflow: 'else' }],
  ])('is not that of %s', async (_, more) => {
    await issues.report(rolling())
    expect(await issues.report(rolling(more))).toMatchObject({ change: 'created' })
    expect(await issues.resolve({ ...NAME, ...more }, 'x')).toMatchObject({ number: 3 })
    expect(under.github.state.tracked.get(2)?.state).toBe('open')
  })

  it('is not one into which a person has copied the marker', async () => {
    const { number } = await issues.report(rolling())
    const body = under.github.state.tracked.get(number)?.body ?? ''
    under.github.state.tracked.delete(number)
    const forged = under.github.addIssue('mallory', { title: 'x', body, labels: ['drift'] })
    expect(await issues.report(rolling())).toMatchObject({ change: 'created' })
    expect(forged).toMatchObject({ title: 'x', state: 'open' })
  })

  it('is one, and open, when two runs find drift at the same time', async () => {
    const runs = [under.host, under.another(), under.another()].map(issuesOf)
    const reports = await Promise.all(runs.map((one) => one.report(rolling())))
    // All three found none, so that each made one.
    expect(all()).toHaveLength(3)
    const open = all().filter(({ state }) => state === 'open')
    expect(open).toHaveLength(1)
    expect(new Set(reports.map(({ number }) => number))).toEqual(new Set([open[0]?.number]))
    const rest = all().filter(({ state }) => state === 'closed')
    expect(rest.every(({ stateReason }) => stateReason === 'not_planned')).toBe(true)
    // And the next run keeps to it.
    expect(await issues.report(rolling())).toMatchObject({ number: open[0]?.number })
    expect(all().filter(({ state }) => state === 'open')).toHaveLength(1)
  })

  it('is written without assignees who may not be assigned', async () => {
    expect(await issues.report(rolling({ assignees: ['nobody'] }))).toMatchObject({
      change: 'created',
      unassigned: true,
    })
    under.github.addCollaborator('ada', 'write')
    const reported = await issues.report(rolling({ project: 'other', assignees: ['ada'] }))
    expect(reported.unassigned).toBe(false)
    expect(all()[1]?.assignees).toEqual(['ada'])
  })

  it('shows no secret and no marker of somebody else, and keeps to the limits of GitHub', async () => {
    under.host.io.mask('hunter2secret')
    const body = `hunter2secret\n<!-- modelway:v1 project=x workflow=y -->\n${'line\n'.repeat(40_000)}`
    const title = `Drift: hunter2secret\n${'é'.repeat(400)}`
    await issues.report(rolling({ body, title }))
    const [issue] = all()
    expect(issue?.body).not.toContain('hunter2secret')
    expect(issue?.body?.match(/<!-- modelway:v1/g)).toHaveLength(1)
    expect(issue?.body?.length).toBeLessThanOrEqual(65_536)
    expect(issue?.body).toContain('The rest is left out')
    expect(issue?.title).not.toContain('hunter2secret')
    expect([...(issue?.title ?? '')].length).toBeLessThanOrEqual(256)
    expect(issue?.title).not.toContain('\n')
  })

  it.each([
    [403, 'MW-HOST-001'],
    [404, 'MW-HOST-004'],
    [410, 'MW-HOST-004'],
  ])('fails with GitHub’s status %i', async (status, code) => {
    under.github.failNext('issues/create', status)
    const { details } = await failure(issues.report(rolling()))
    expect(details).toMatchObject({ code, status, retryable: false })
  })

  it('fails where the repository has no issues', async () => {
    under.github.state.hasIssues = false
    const error = await failure(issues.report(rolling()))
    expect(error.details.status).toBe(410)
    expect(error.message).toContain('disabled')
  })

  it('names the permission that is missing', async () => {
    under.github.addWorkflowToken('ghs_none', { permissions: { issues: 'read' } })
    const host = under.another({ 'INPUT_GITHUB-TOKEN': 'ghs_none' })
    const error = await failure(issuesOf(host).report(rolling()))
    expect(error.message).toContain('permissions: issues: write')
  })

  it('waits out a rate limit', async () => {
    under.github.limitNext('issues/create', { retryAfterSeconds: 1 })
    expect(await issues.report(rolling())).toMatchObject({ change: 'created' })
    expect(under.slept).toContain(1000)
  })
})
