import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { Annotation, AnnotationLevel } from '../../../../../src/ports/host.js'
import { type GitHubUnderTest, startGitHubHost } from '../../../../contracts/github-host.js'

let under: GitHubUnderTest
beforeEach(async () => {
  under = await startGitHubHost()
})
afterEach(() => under.close())

function commands(name: string): readonly string[] {
  return under
    .raw()
    .split('\n')
    .filter((line) => line.startsWith(`::${name}`))
}

function findings(level: AnnotationLevel, count: number): readonly Annotation[] {
  return Array.from({ length: count }, (_, i) => ({ level, title: 't', message: `finding ${i}` }))
}

describe('groups in the log of GitHub', () => {
  it('are never nested: an inner title is a line', async () => {
    const { log } = under.host
    await log.group('outer', () => log.group('inner', async () => log.info('line')))
    expect(under.raw()).toBe('::group::outer\ninner\nline\n::endgroup::\n')
  })

  it('end when their work fails', async () => {
    const { log } = under.host
    const work = log.group('outer', () => Promise.reject(new Error('no')))
    await expect(work).rejects.toThrow('no')
    expect(commands('endgroup')).toHaveLength(1)
  })

  it('stay one while two are open at once', async () => {
    const { log } = under.host
    await Promise.all([log.group('a', async () => 1), log.group('b', async () => 2)])
    expect([commands('group'), commands('endgroup')].map(({ length }) => length)).toEqual([1, 1])
  })

  it('have a title that is no command', async () => {
    await under.host.log.group('x\n::set-output name=a::b', async () => undefined)
    expect(commands('set-output')).toEqual([])
  })
})

describe('annotations on GitHub', () => {
  it('are all shown up to ten of a level', () => {
    under.host.feedback.annotate([...findings('error', 10), ...findings('notice', 10)])
    expect(commands('error')).toHaveLength(10)
    expect(commands('notice')).toHaveLength(10)
    expect(under.raw()).not.toContain('more: see the summary')
  })

  it('are counted in the tenth when there are more, and none is lost from the log', () => {
    under.host.feedback.annotate(findings('warning', 23))
    expect(commands('warning')).toHaveLength(10)
    expect(commands('warning').at(-1)).toBe(
      '::warning title=More warnings::and 14 more: see the summary',
    )
    for (let i = 0; i < 23; i++) expect(under.raw()).toMatch(new RegExp(`finding ${i}$`, 'm'))
  })

  it('share the ten of the step with the log’s own warnings and errors', () => {
    for (let i = 0; i < 8; i++) under.host.log.warn(`warning ${i}`)
    under.host.feedback.annotate(findings('warning', 5))
    expect(commands('warning').at(-1)).toContain('and 4 more')
    under.host.log.warn('one too many')
    expect(commands('warning')).toHaveLength(10)
    expect(under.raw()).toMatch(/^warning: one too many$/m)
  })

  it('cannot be given properties by hostile names', () => {
    const file = 'a,line=99::b.csv\n::error::x'
    under.host.feedback.annotate([
      { level: 'error', title: 'a::b,c=d', message: 'm%0A\n::error::y', file, line: 3 },
    ])
    expect(commands('error')).toEqual([
      '::error title=a%3A%3Ab%2Cc=d,file=a%2Cline=99%3A%3Ab.csv %3A %3Aerror%3A%3Ax,line=3::m%250A%0A: :error::y',
    ])
  })
})

describe('masks on GitHub', () => {
  it('tell the runner, and leave out blank secrets', () => {
    under.host.io.mask('topsecret')
    under.host.io.mask('')
    under.host.io.mask(' \n')
    expect(commands('add-mask')).toEqual(['::add-mask::topsecret'])
  })

  it('hide the token from the start', () => {
    under.host.log.info(`token ${under.env['INPUT_GITHUB-TOKEN']}`)
    expect(under.raw()).toBe('token ***\n')
  })
})
