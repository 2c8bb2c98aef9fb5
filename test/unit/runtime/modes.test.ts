import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import type { ActionContract } from '../../../src/runtime/contract.js'
import type { JobReport } from '../../../src/runtime/job.js'
import { actionMode, runAction } from '../../../src/runtime/run-action.js'
import { useTemporaryFolder } from '../temporary-folder.js'
import { createFakeHost, type FakeHostOptions } from './fake-host.js'

const Section = z.strictObject({
  mode: z.enum(['evaluate', 'report']).default('evaluate'),
  needed: z.string(),
})
const contract = {
  name: 'evaluate-gate',
  title: '',
  description: '',
  branding: { icon: '', color: '' },
  statement: 'verdict',
  section: 'gate',
  settings: Section,
  inputs: {
    mode: { kind: 'text', description: '' },
    needed: { kind: 'text', description: '' },
  },
  outputs: { report: { description: '' }, 'comment-url': { description: '' } },
  permissions: {},
} as const satisfies ActionContract<typeof Section>

const REPORT: JobReport = { outputs: { sha: 'abc' }, reason: 'Reported.', markdown: '### Report' }

describe('modes of an action', () => {
  const folder = useTemporaryFolder()

  async function run(
    inputs: Readonly<Record<string, string>>,
    options: FakeHostOptions = {},
    report = REPORT,
  ) {
    const host = createFakeHost({ ...options, inputs })
    const others: number[] = []
    const code = await runAction(
      {
        contract,
        job: () => Promise.reject(new Error('the main job ran')),
        modes: {
          report: actionMode(z.looseObject({ mode: z.literal('report') }), async ({ settings }) => {
            expect(settings.mode).toBe('report')
            return report
          }),
        },
      },
      {
        host: {
          ...host,
          forge: {
            commentsOn: (pullRequest: number) => {
              others.push(pullRequest)
              return host.comments
            },
          } as never,
        },
        cwd: folder.path,
        env: {},
        distribution: new URL('file:///dist/'),
        now: () => new Date(0),
        debug: false,
        writeReport: () => Promise.reject(new Error('a report of nothing')),
      },
    )
    return { host, code, others }
  }

  it('have a job and settings of their own, and write no statement', async () => {
    const { host, code } = await run({ mode: 'report' })
    expect(code).toBe(0)
    expect(host.outputs.get('sha')).toBe('abc')
    expect(host.outputs.has('statement')).toBe(false)
    expect(host.outputs.has('digest')).toBe(false)
    expect(host.summaries).toEqual(['### Report'])
    expect(host.lines.join()).not.toContain('could not')
  })

  it('leave the settings of the main job as strict as they are', async () => {
    const { host, code } = await run({ mode: 'evaluate' })
    expect(code).toBe(2)
    expect(host.lines.join()).toContain('needed')
    expect((await run({ mode: 'toString' })).code).toBe(2)
  })

  it('comment on the pull request that the job names, or on none', async () => {
    const other = await run({ mode: 'report' }, {}, { ...REPORT, commentOn: 7 })
    expect([other.others, other.host.published]).toMatchObject([
      [7],
      [{ section: 'evaluate-gate' }],
    ])
    const none = await run({ mode: 'report' }, { pullRequest: 3 }, { ...REPORT, commentOn: 'none' })
    expect(none.host.published).toEqual([])
    const own = await run({ mode: 'report' }, { pullRequest: 3 })
    expect([own.others, own.host.published]).toMatchObject([[], [{ markdown: '### Report' }]])
  })

  it('comment nowhere when the user turned that off', async () => {
    const { host } = await run({ mode: 'report', comment: 'off' }, {}, { ...REPORT, commentOn: 7 })
    expect(host.published).toEqual([])
  })

  it('other than the main job are the workflow’s to choose: files of a change cannot (MW-CONFIG-009)', async () => {
    folder.write('modelway.yml', 'gate:\n  needed: x\n  mode: report\n')
    const { host, code } = await run({})
    expect(code).toBe(2)
    expect(host.lines.join()).toMatch(/MW-CONFIG-009: modelway\.yml:3:3: this mode is an input/)
    expect((await run({ mode: 'report' })).code).toBe(0)
  })
})
