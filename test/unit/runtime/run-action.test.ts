import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import type { Decision, FailOn } from '../../../src/domain/decision.js'
import { CancelledError, ExternalError, UserError } from '../../../src/errors.js'
import type { ActionContract } from '../../../src/runtime/contract.js'
import type { JobContext, JobOutcome } from '../../../src/runtime/job.js'
import { runAction } from '../../../src/runtime/run-action.js'
import { canonicalJson, sha256 } from '../../../src/statements/canonical.js'
import { useTemporaryFolder } from '../temporary-folder.js'
import { createFakeHost, type FakeHostOptions } from './fake-host.js'

const Section = z.strictObject({ password: z.string().optional() })
const contract = {
  name: 'drift-check',
  title: '',
  description: '',
  branding: { icon: '', color: '' },
  statement: 'drift',
  section: 'drift',
  settings: Section,
  inputs: { password: { kind: 'text', description: '', secret: true } },
  outputs: { report: { description: '' } },
  permissions: {},
} as const satisfies ActionContract<typeof Section>

const OUTCOME: JobOutcome = {
  subject: [{ name: 'data.csv', digest: { sha256: 'a'.repeat(64) } }],
  predicate: { decision: 'pass' },
  inputs: [],
  outputs: { drifted: 'a\nb', share: 0.5, list: [1] },
  decision: 'pass',
  reason: 'All is well.',
  markdown: '### Drift',
  annotations: [{ level: 'warning', title: 't', message: 'm' }],
}

describe('runAction', () => {
  const folder = useTemporaryFolder()

  async function run(
    job: (context: JobContext<z.output<typeof Section>>) => Promise<JobOutcome>,
    options: FakeHostOptions & { readonly writeReport?: () => Promise<string> } = {},
  ) {
    const host = createFakeHost(options)
    const code = await runAction(
      { contract, job },
      {
        host,
        cwd: folder.path,
        env: {},
        distribution: new URL('file:///dist/'),
        now: () => new Date(0),
        debug: false,
        writeReport: options.writeReport ?? (async (directory) => join(directory, 'report.html')),
      },
    )
    return { host, code }
  }

  it.each<[Decision | undefined, FailOn | undefined, number]>([
    [undefined, undefined, 0],
    ['pass', undefined, 0],
    ['warn', 'inconclusive', 0],
    ['fail', undefined, 1],
    ['inconclusive', undefined, 1],
    ['inconclusive', 'fail', 0],
    ['fail', 'fail', 1],
    ['fail', 'never', 0],
  ])('decision %s under %s gives exit code %d', async (decision, failOn, expected) => {
    expect((await run(async () => ({ ...OUTCOME, decision, failOn }))).code).toBe(expected)
  })

  it.each([
    ['the user’s mistake', new UserError({ code: 'MW-X-001', what: 'is wrong.' }), 2],
    [
      'an outside system',
      new ExternalError({ code: 'MW-X-002', service: 'S', what: 'down', retryable: true }),
      3,
    ],
    ['a bug', new TypeError('oops'), 70],
    ['a cancellation', new CancelledError(), 130],
    ['something thrown that is no error', 'text', 70],
  ])('%s gives its exit code, writes nothing and sets no output', async (_, error, expected) => {
    const { code, host } = await run(async () => {
      throw error
    })
    expect(code).toBe(expected)
    expect(folder.list()).toEqual([])
    expect(host.outputs.size).toBe(0)
    expect(host.lines.filter((line) => line.startsWith('error: '))).toHaveLength(1)
  })

  it('says each problem on its own line, without a stack', async () => {
    const { host } = await run(async () => {
      throw new UserError([
        { code: 'MW-X-001', what: 'one.' },
        { code: 'MW-X-002', where: 'b', what: 'two.', fix: 'Mend it.' },
      ])
    })
    expect(host.lines).toEqual(['error: MW-X-001: one.', 'error: MW-X-002: b: two. Mend it.'])
  })

  it('says where in the file the key is that a job finds wrong', async () => {
    folder.write('modelway.yml', 'drift:\n  password: x\n')
    const { host } = await run(async () => {
      throw new UserError([
        { code: 'MW-X-001', where: 'drift.password', what: 'one.' },
        { code: 'MW-X-002', where: 'drift.other', what: 'two.' },
      ])
    })
    expect(host.lines).toEqual([
      'error: MW-X-001: modelway.yml:2:3: drift.password: one.',
      'error: MW-X-002: drift.other: two.',
    ])
  })

  it('writes the statement, and its outputs name it', async () => {
    const { host } = await run(async () => OUTCOME)
    expect(folder.list()).toEqual(['.modelway/SHA256SUMS', '.modelway/drift.json'])
    const bytes = readFileSync(join(folder.path, '.modelway/drift.json'), 'utf8')
    const digest = sha256(bytes)
    expect(bytes).toBe(canonicalJson(JSON.parse(bytes)))
    expect(Object.fromEntries(host.outputs)).toEqual({
      decision: 'pass',
      report: join(folder.path, '.modelway/report.html'),
      drifted: 'a\nb',
      share: '0.5',
      list: '[1]',
      statement: join(folder.path, '.modelway/drift.json'),
      digest,
      json: expect.any(String),
    })
    const json = host.outputs.get('json') ?? ''
    expect(json).not.toContain('\n')
    expect(JSON.parse(json)).toMatchObject({
      schema_version: 1,
      action: 'drift-check',
      drifted: 'a\nb',
      share: 0.5,
      digest,
    })
  })

  it.each([['summary'], ['comment'], ['annotations']] as const)(
    'a %s that fails is a warning and changes no exit code',
    async (what) => {
      for (const [decision, expected] of [
        ['pass', 0],
        ['fail', 1],
      ] as const) {
        const { code, host } = await run(async () => ({ ...OUTCOME, decision }), {
          failing: [what],
          pullRequest: 1,
        })
        expect(code).toBe(expected)
        expect(host.lines.some((line) => line.startsWith('warn: '))).toBe(true)
        expect(host.outputs.has('json')).toBe(true)
      }
    },
  )

  it('sets its outputs when the report cannot be written', async () => {
    const { code, host } = await run(async () => OUTCOME, {
      writeReport: async () => {
        throw new Error('no chart')
      },
    })
    expect(code).toBe(0)
    expect(host.outputs.get('decision')).toBe('pass')
    expect(host.outputs.has('report')).toBe(false)
  })

  it('comments when there is a pull request, or always, or never', async () => {
    const comments = async (options: FakeHostOptions) =>
      (await run(async () => OUTCOME, options)).host.published.length
    expect(await comments({})).toBe(0)
    expect(await comments({ pullRequest: 3 })).toBe(1)
    expect(await comments({ inputs: { comment: 'always' } })).toBe(1)
    expect(await comments({ pullRequest: 3, inputs: { comment: 'off' } })).toBe(0)
  })

  it('in a dry run writes no statement, report or comment, and gives the job nothing to write with', async () => {
    const cache = { restore: async () => undefined, save: async () => undefined }
    let seen: unknown
    const { code, host } = await run(
      async ({ dryRun, cache, deployments }) => {
        seen = { dryRun, cache, deployments }
        return OUTCOME
      },
      { inputs: { 'dry-run': 'true', comment: 'always' }, pullRequest: 1, cache },
    )
    expect(code).toBe(0)
    expect(seen).toEqual({ dryRun: true, cache: undefined, deployments: undefined })
    expect(host.lines).toContain('info: Dry run: no statement and no report were written.')
    expect(folder.list()).toEqual([])
    expect(host.published).toEqual([])
    expect(host.outputs.get('decision')).toBe('pass')
    expect(host.outputs.has('statement')).toBe(false)
  })

  it('masks the token and secret inputs before the job starts, even when the settings are wrong', async () => {
    const inputs = { 'github-token': ' t0ken ', password: 's3cret', comment: 'loud' }
    const { code, host } = await run(async () => OUTCOME, { inputs })
    expect(code).toBe(2)
    expect(host.masked).toEqual(['t0ken', 's3cret'])
  })

  it.each([
    [{ 'working-directory': 'absent' }, 'MW-PATH-005'],
    [{ statements: '../outside' }, 'MW-PATH-001'],
    [{ statements: '/outside' }, 'MW-PATH-001'],
  ])('refuses %j before the job starts', async (inputs, expected) => {
    let started = false
    const { code, host } = await run(
      async () => {
        started = true
        return OUTCOME
      },
      { inputs },
    )
    expect([code, started]).toEqual([2, false])
    expect(host.lines[0]).toContain(expected)
  })

  it('ends with 130 when a signal comes while the job works, and records what the job had done', async () => {
    const { code } = await run(async ({ signal }) => {
      process.emit('SIGTERM', 'SIGTERM')
      expect(signal.aborted).toBe(true)
      return OUTCOME
    })
    expect(code).toBe(130)
    expect(folder.list()).toEqual(['.modelway/SHA256SUMS', '.modelway/drift.json'])
    expect(process.listenerCount('SIGTERM')).toBe(process.listenerCount('SIGHUP'))
  })

  it('takes an error that follows from the signal for the cancellation', async () => {
    const { code } = await run(async () => {
      process.emit('SIGINT', 'SIGINT')
      throw new Error('aborted')
    })
    expect(code).toBe(130)
  })
})
