import { execFileSync } from 'node:child_process'
import { describe, expect, it } from '@jest/globals'
import { changeOf } from '../../../../src/actions/evaluate-gate/change.js'
import { policyInForce } from '../../../../src/actions/evaluate-gate/policy-source.js'
import { createGitCode } from '../../../../src/adapters/code/git.js'
import { ExternalError } from '../../../../src/errors.js'
import { errorOf, useTemporaryFolder } from '../../temporary-folder.js'
import { type GateContextOptions, gateContext, partialForge } from './gate-context.js'

const config = (floor: number, extra = ''): string =>
  `project: p\ngate:\n  # a comment\n  task: classification\n  rules:\n    - { metric: accuracy, at-least: ${floor} }\n${extra}`
const ON_PULL_REQUEST = { pullRequest: 7, baseSha: 'b'.repeat(40) }

describe('the policy in force', () => {
  const folder = useTemporaryFolder()

  function context(options: Omit<GateContextOptions, 'folder'>) {
    return gateContext({ folder: folder.path, ...options })
  }

  const base = (text: string | undefined) =>
    partialForge({
      files: {
        fileAt: async (ref, path) => {
          expect([ref, path]).toEqual(['b'.repeat(40), 'modelway.yml'])
          return text === undefined ? undefined : Buffer.from(text)
        },
      },
    })

  const inForce = (options: Omit<GateContextOptions, 'folder'>) => {
    const given = context(options)
    return changeOf(given, createGitCode())
      .then((change) => policyInForce(given, createGitCode(), change))
      .then((found) => ({ ...found, given }))
  }

  it('is that of the checked-out files where there is no pull request', async () => {
    const { context: used, source, given } = await inForce({ config: config(0.8) })
    expect(used).toBe(given)
    expect(source).toBeUndefined()
  })

  it('tells what the pull request changes, whatever the comments say, and uses its rules', async () => {
    const { context: used, source } = await inForce({
      config: config(0.5),
      run: ON_PULL_REQUEST,
      forge: base(config(0.8).replace('# a comment', '# another one')),
    })
    expect(used.settings.rules[0]?.['at-least']).toBe(0.5)
    expect(source).toEqual({
      ref: 'head',
      commit: null,
      path: 'modelway.yml',
      changes: ['-     at-least: 0.8', '+     at-least: 0.5'],
    })
  })

  it('is the base branch’s where the base says so: the change cannot switch that off', async () => {
    const { context: used, source } = await inForce({
      config: config(0.5, '  policy-ref: head\nregistry: { name: evil }\n'),
      run: ON_PULL_REQUEST,
      forge: base(config(0.8, '  policy-ref: base\nregistry: { name: good }\n')),
    })
    expect(used.settings.rules[0]?.['at-least']).toBe(0.8)
    expect(used.section('registry')).toEqual({ name: 'good' })
    expect(source).toMatchObject({ ref: 'base', commit: 'b'.repeat(40) })
    expect(source?.changes).toContain('- policy-ref: base')
  })

  it('is the base branch’s where this change asks for it, with the inputs of the workflow over it', async () => {
    const { context: used } = await inForce({
      config: config(0.5),
      inputs: { 'policy-ref': 'base', confidence: 0.9 },
      run: ON_PULL_REQUEST,
      forge: base(config(0.8)),
    })
    expect(used.settings).toMatchObject({ confidence: 0.9, 'policy-ref': 'base' })
    expect(used.settings.rules[0]?.['at-least']).toBe(0.8)
  })

  it('is read from the history here where that reaches the base', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder.path, '-c', 'user.name=n', '-c', 'user.email=e', ...args], {
        encoding: 'utf8',
      }).trim()
    git('init', '-q')
    folder.write('modelway.yml', config(0.8))
    git('add', '.')
    git('commit', '-q', '-m', 'base')
    const { source } = await inForce({
      config: config(0.5),
      run: { pullRequest: 7, baseSha: git('rev-parse', 'HEAD') },
      forge: partialForge({}),
    })
    expect(source?.changes).toHaveLength(2)
  })

  it('warns where the base has no policy yet, and uses that of the change', async () => {
    const { context: used, given } = await inForce({
      config: config(0.5, '  policy-ref: base\n'),
      run: ON_PULL_REQUEST,
      forge: base(undefined),
    })
    expect(used.settings.rules[0]?.['at-least']).toBe(0.5)
    expect(given.host.lines).toEqual([
      'warn: The base branch has no modelway.yml: the rules are those of this change.',
    ])
  })

  it('stops where the base’s rules are asked for and cannot be read (MW-GATE-123)', async () => {
    const asked = { config: config(0.5, '  policy-ref: base\n'), run: ON_PULL_REQUEST }
    expect((await errorOf(() => inForce(asked))).message).toMatch(/^MW-GATE-123/)
    const failing = partialForge({
      files: { fileAt: () => Promise.reject(new Error('GitHub is down')) },
    })
    expect((await errorOf(() => inForce({ ...asked, forge: failing }))).message).toMatch('down')
    const nameless = { ...asked, run: { pullRequest: 7, event: 'issue_comment' } }
    expect((await errorOf(() => inForce(nameless))).message).toMatch(/^MW-GATE-123/)
  })

  it('is not the change’s only because GitHub does not answer, which a change can bring about', async () => {
    const failing = (retryable: boolean) =>
      partialForge({
        files: {
          fileAt: () =>
            Promise.reject(
              new ExternalError({ code: 'MW-X-001', service: 'GitHub', what: 'no.', retryable }),
            ),
        },
      })
    const unasked = { config: config(0.5), run: ON_PULL_REQUEST }
    const error = await errorOf(() => inForce({ ...unasked, forge: failing(true) }))
    expect(error.message).toMatch('MW-X-001')
    // That the token may not read is the workflow's own choice.
    const denied = await inForce({ ...unasked, forge: failing(false) })
    expect(denied.source).toMatchObject({ ref: 'head', changes: [] })
    expect(denied.given.host.lines.join()).toMatch(/warn: The policy of the base branch was not/)
  })

  it('is the base branch’s for a group of the merge queue, too', async () => {
    const { context: used, source } = await inForce({
      config: config(0.5),
      run: { event: 'merge_group', baseSha: 'b'.repeat(40) },
      forge: base(config(0.8, '  policy-ref: base\n')),
    })
    expect(used.settings.rules[0]?.['at-least']).toBe(0.8)
    expect(source).toMatchObject({ ref: 'base' })
  })

  it('keeps the change to its own project’s baseline', async () => {
    const { context: used } = await inForce({
      config: config(0.8).replace('project: p', 'project: weaker'),
      run: ON_PULL_REQUEST,
      forge: base(config(0.8, '  policy-ref: base\n')),
    })
    expect(used.project).toBe('p')
  })

  it('is that of a file outside of the repository, which no change can write', async () => {
    const given = {
      ...context({ config: config(0.5), run: ON_PULL_REQUEST }),
      configFile: undefined,
    }
    const change = await changeOf(given, createGitCode())
    expect(await policyInForce(given, createGitCode(), change)).toEqual({
      context: given,
      source: undefined,
    })
  })

  it('stops where the base’s policy is not valid (MW-GATE-124), at its place', async () => {
    const error = await errorOf(() =>
      inForce({
        config: config(0.5),
        run: ON_PULL_REQUEST,
        forge: base(config(0.8, '  policy-ref: base\n  confidence: 7\n')),
      }),
    )
    expect(error.message).toMatch(
      /^MW-GATE-124: modelway\.yml of the base branch:\d+:\d+: the policy of the base branch is not valid: confidence /,
    )
  })

  it('counts the rest of a very long change', async () => {
    const rules = Array.from(
      { length: 150 },
      (_, k) => `    - { metric: accuracy, at-least: 0.${k + 100} }`,
    )
    const long = `project: p\ngate:\n  task: classification\n  rules:\n${rules.join('\n')}\n`
    const { source } = await inForce({
      config: long,
      run: ON_PULL_REQUEST,
      forge: base(config(0.8)),
    })
    expect(source?.changes).toHaveLength(201)
    expect(source?.changes.at(-1)).toMatch(/^and \d+ more lines$/)
  })
})
