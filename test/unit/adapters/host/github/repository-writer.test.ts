// @evidence GitHub REST API, git objects and pull requests: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { RepositoryWriter } from '../../../../../src/ports/repository-writer.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'
import { commitOnTop } from '../../../../fakes/github/routes/git.js'

const BASE = 'b'.repeat(40)
let under: GitHubUnderTest

beforeEach(async () => {
  under = await startGitHubHost()
  under.github.addRef('main', BASE)
  under.github.addFile(BASE, 'apps/a.yaml', 'x: 1\n')
  under.github.addFile(BASE, 'apps/deep/b.yaml', 'y: naïve\n')
})
afterEach(async () => {
  await under.close()
  expect(under.github.violations).toEqual([])
  expect(under.github.failures.pending).toBe(0)
})

function writer(): RepositoryWriter {
  const { forge } = under.another()
  if (forge === undefined) throw new Error('no forge')
  return forge.openRepository()
}

function files(...entries: readonly (readonly [string, string])[]) {
  return new Map(entries.map(([path, text]) => [path, { text, mode: '100644' }]))
}

async function commitOne(one: RepositoryWriter, parent = BASE): Promise<string> {
  return one.commit({ parent, message: 'change', files: files(['apps/a.yaml', 'x: 2\n']) })
}

async function openOne(one: RepositoryWriter) {
  await one.place('modelway/x', await commitOne(one))
  return one.openPull({ from: 'modelway/x', into: 'main', title: 'a title', body: 'why' })
}

describe('a repository that is written to through GitHub', () => {
  it('reads files by trees, of any depth, and nothing where there is none', async () => {
    const one = writer()
    expect(await one.defaultBranch()).toBe('main')
    expect(await one.headOf('main')).toBe(BASE)
    expect(await one.headOf('none')).toBeUndefined()
    expect(await one.read(BASE, 'apps/deep/b.yaml')).toEqual({ text: 'y: naïve\n', mode: '100644' })
    for (const path of ['nothing.yaml', 'apps/none/b.yaml', 'apps/a.yaml/b', '../apps/a.yaml']) {
      expect(await one.read(BASE, path)).toBeUndefined()
    }
  })

  it('refuses links, folders and what is no text', async () => {
    const { github } = under
    github.addFile(BASE, 'apps/link.yaml', '../secret')
    github.state.modes.set('link.yaml', '120000')
    github.addFile(BASE, 'apps/binary.yaml', Buffer.from([0xff, 0xfe, 0x00]))
    github.addFile(BASE, 'apps/large.yaml', Buffer.alloc(2 ** 20 + 1, 32))
    for (const path of ['apps/link.yaml', 'apps/binary.yaml', 'apps/large.yaml', 'apps/deep']) {
      await expect(writer().read(BASE, path)).rejects.toThrow(/MW-HOST-041/)
    }
  })

  it('changes several files in one commit, and leaves the others', async () => {
    const one = writer()
    const change = files(['apps/a.yaml', 'x: 2\n'], ['apps/deep/b.yaml', 'y: 3\n'])
    const commit = await one.commit({ parent: BASE, message: 'both', files: change })
    expect(await one.headOf('main')).toBe(BASE)
    expect(await one.advance('main', commit)).toBe(true)
    expect(await one.advance('main', commit)).toBe(true)
    expect((await one.read(commit, 'apps/a.yaml'))?.text).toBe('x: 2\n')
    expect((await one.read(commit, 'apps/deep/b.yaml'))?.text).toBe('y: 3\n')
    expect(await one.contains(commit, BASE)).toBe(true)
    expect(await one.contains(BASE, commit)).toBe(false)
    expect(await one.contains(BASE, BASE)).toBe(true)
  })

  it('does not move a branch that another push has moved', async () => {
    const one = writer()
    const commit = await commitOne(one)
    const { state } = under.github
    const other = commitOnTop(state, BASE, new Map([['apps/a.yaml', 'x: 9\n']]))
    state.refs.set('main', other)
    expect(await one.advance('main', commit)).toBe(false)
    expect(await one.headOf('main')).toBe(other)
  })

  it('says of a branch with rules how to deliver', async () => {
    under.github.state.protectedBranches.add('main')
    const one = writer()
    await expect(one.advance('main', await commitOne(one))).rejects.toThrow(
      /MW-HOST-040.*main of modelway-ml\/demo.*pull request/s,
    )
  })

  it('makes a branch once, moves it, and removes it, whatever answers are lost', async () => {
    const one = writer()
    const [first, second] = [await commitOne(one), await commitOne(one)]
    under.github.loseAnswer('git/create-ref')
    await one.place('modelway/x', first)
    expect(await one.headOf('modelway/x')).toBe(first)
    await one.place('modelway/x', second)
    expect(await one.headOf('modelway/x')).toBe(second)
    under.github.loseAnswer('git/delete-ref')
    await one.removeBranch('modelway/x')
    await one.removeBranch('modelway/x')
    expect(await one.headOf('modelway/x')).toBeUndefined()
  })

  it('opens one pull request, though the answer is lost, and merges it', async () => {
    const one = writer()
    under.github.loseAnswer('pulls/create')
    const pull = await openOne(one)
    expect(pull).toMatchObject({ state: 'open', mergeable: true, mergedAs: undefined })
    expect((await one.findPull('modelway/x', 'main'))?.number).toBe(pull.number)
    expect(await one.findPull('modelway/y', 'main')).toBeUndefined()
    under.github.loseAnswer('pulls/merge')
    const merged = await one.merge(pull, 'squash')
    expect(merged).toEqual({ is: 'merged', commit: await one.headOf('main') })
    expect(await one.pull(pull.number)).toMatchObject({ state: 'merged' })
  })

  it('says why a pull request is not merged, and closes it', async () => {
    const one = writer()
    const pull = await openOne(one)
    under.github.state.mergeRefused = 'At least 1 approving review is required by reviewers.'
    expect(await one.merge(pull, 'squash')).toEqual({
      is: 'refused',
      because: expect.stringMatching(/approving review/),
    })
    await one.closePull(pull.number)
    expect(await one.pull(pull.number)).toMatchObject({ state: 'closed', mergedAs: undefined })
  })

  it('says that a pull request cannot be merged any more', async () => {
    const one = writer()
    const pull = await openOne(one)
    const { state } = under.github
    state.refs.set('main', commitOnTop(state, BASE, new Map([['apps/a.yaml', 'x: 9\n']])))
    expect(await one.pull(pull.number)).toMatchObject({ mergeable: false })
  })

  it('writes to another repository with another token', async () => {
    const { forge } = under.another({ GITHUB_REPOSITORY: 'modelway-ml/elsewhere' })
    under.github.addPersonToken('ghp_other', 'deployer')
    const other = forge?.openRepository({ repository: 'modelway-ml/demo', token: 'ghp_other' })
    expect(await other?.headOf('main')).toBe(BASE)
    expect(under.github.journal.at(-1)?.login).toBe('deployer')
  })

  it('passes on what else GitHub says', async () => {
    const one = writer()
    const commit = await commitOne(one)
    under.github.failNext('git/update-ref', 404)
    await expect(one.advance('main', commit)).rejects.toThrow(/MW-HOST-004/)
    under.github.failNext('git/create-ref', 403)
    await expect(one.place('modelway/x', commit)).rejects.toThrow(/MW-HOST-001/)
    under.github.failNext('pulls/create', 403)
    const wanted = { from: 'modelway/x', into: 'main', title: 't', body: 'b' }
    await expect(one.openPull(wanted)).rejects.toThrow(/MW-HOST-001/)
  })
})
