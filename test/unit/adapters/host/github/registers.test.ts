import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Registers } from '../../../../../src/ports/forge.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'

let under: GitHubUnderTest

beforeEach(async () => {
  under = await startGitHubHost()
})
afterEach(async () => {
  await under.close()
  expect(under.github.violations).toEqual([])
})

function registers(token = 'ghs_workflow'): Registers {
  const { forge } = under.another({ 'INPUT_GITHUB-TOKEN': token })
  if (forge === undefined) throw new Error('no forge')
  return forge.registers
}

// @evidence GitHub REST API, references of git: contract (GitHub's OpenAPI description, @octokit/openapi 23.0.2)
describe('a register on GitHub', () => {
  it('is nothing at first, and then what was written last', async () => {
    const one = registers()
    expect(await one.read('drift/x')).toBeUndefined()
    expect(await one.write('drift/x', 'naïve\n', undefined)).toBe(true)
    const first = await one.read('drift/x')
    expect(first?.content).toBe('naïve\n')
    expect(await one.write('drift/x', 'second', first?.version)).toBe(true)
    expect((await registers().read('drift/x'))?.content).toBe('second')
    expect(await one.read('drift/y')).toBeUndefined()
  })

  it('is outside of branches and tags, where no workflow runs for it', async () => {
    await registers().write('drift/x', 'a', undefined)
    const names = [...under.github.state.refs.keys()].filter((ref) => ref.startsWith('refs/'))
    expect(names).toEqual(['refs/modelway/drift/x'])
  })

  it('takes one of two first writes, and one of two later ones', async () => {
    const [a, b] = [registers(), registers()]
    const firsts = [await a.write('r', 'a', undefined), await b.write('r', 'b', undefined)]
    expect(firsts).toEqual([true, false])
    const version = (await a.read('r'))?.version
    const later = await Promise.all([a.write('r', 'c', version), b.write('r', 'd', version)])
    expect(later.toSorted()).toEqual([false, true])
    expect((await a.read('r'))?.content).toBe(later[0] ? 'c' : 'd')
  })

  it.each(['git/create-ref', 'git/update-ref'])(
    'knows its own write again when the answer of %s was lost',
    async (operation) => {
      const one = registers()
      if (operation === 'git/update-ref') await one.write('r', 'a', undefined)
      const version = (await one.read('r'))?.version
      under.github.loseAnswer(operation)
      expect(await one.write('r', 'b', version)).toBe(true)
      expect((await one.read('r'))?.content).toBe('b')
    },
  )

  it('says so where GitHub takes no such reference, by a rule of the repository for instance', async () => {
    under.github.failNext('git/create-ref', 422)
    await expect(registers().write('r', 'a', undefined)).rejects.toThrow(
      /^MW-HOST-031: .*drift\.guard\.record/,
    )
  })

  it('names the permission that is missing', async () => {
    under.github.addWorkflowToken('ghs_none', { permissions: { contents: 'read' } })
    await expect(registers('ghs_none').write('r', 'a', undefined)).rejects.toThrow(
      'permissions: contents: write',
    )
  })
})
