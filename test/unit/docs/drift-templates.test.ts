import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { DriftSection } from '../../../src/config/drift.js'
import { eventPayload, type KeyedEvent } from '../../../src/domain/drift/acting/event.js'

interface Workflow {
  readonly on: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
  readonly permissions: Readonly<Record<string, string>>
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly permissions: Readonly<Record<string, string>>
        readonly steps: readonly { readonly run?: string; readonly uses?: string }[]
      }
    >
  >
}

function text(name: string): string {
  return readFileSync(
    new URL(`../../../action-templates/modelway-${name}.yml`, import.meta.url),
    'utf8',
  )
}

const retrain: Workflow = parse(text('retrain-on-drift'))
const check = retrain.jobs['event']?.steps[0]?.run ?? ''
const hasTools = ['bash', 'jq'].every(
  (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0,
)

const EVENT: KeyedEvent = {
  key: `modelway-${'0a'.repeat(20)}`,
  project: 'shop',
  repository: 'o/r',
  outcome: 'fail',
  decision: 'fail',
  reason: 'it drifted',
  drifted: ['amount'],
  driftedCount: 1,
  window: '2026-10-26T00:00:00.000Z/2026-11-02T00:00:00.000Z',
  runUrl: 'https://github.com/o/r/actions/runs/12/attempts/2',
  at: '2026-11-02T03:17:00.000Z',
}

/** Runs the step as the runner does, and returns what it wrote. */
function received(payload: unknown, project = '') {
  const folder = mkdtempSync(join(tmpdir(), 'modelway-event-'))
  const output = join(folder, 'output')
  const summary = join(folder, 'summary')
  try {
    for (const file of [output, summary]) writeFileSync(file, '')
    const { status } = spawnSync('bash', ['-e', '-c', check], {
      env: {
        PATH: process.env['PATH'],
        PAYLOAD: JSON.stringify(payload, null, 2),
        PROJECT: project,
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_REPOSITORY: 'o/r',
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
      },
    })
    return { status, output: readFileSync(output, 'utf8'), summary: readFileSync(summary, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the template for drift checks', () => {
  it('shows a section of modelway.yml that is valid', () => {
    const comment = text('drift-check').split('\nname:')[0] ?? ''
    const shown = comment
      .split('\n')
      .filter((line) => line.startsWith('#   '))
      .map((line) => line.slice(4))
    const { drift }: { drift: unknown } = parse(shown.join('\n'))
    expect(DriftSection.parse(drift).history).toBe('.modelway-history/drift.jsonl')
  })

  it('gives no job a right that it does not name', () => {
    const { permissions, jobs }: Workflow = parse(text('drift-check'))
    expect(permissions).toEqual({})
    expect(Object.values(jobs).map((job) => job.permissions)).toEqual([
      { contents: 'write', issues: 'write', actions: 'read' },
    ])
  })
})

describe('the template for retraining', () => {
  it('listens to the event that the trigger sends unless told otherwise', () => {
    const { triggers } = DriftSection.parse({
      ...{ reference: 'r', current: 'a', triggers: ['repository-dispatch'] },
    })
    expect(triggers[0]).toMatchObject({ 'event-type': 'modelway-drift' })
    expect(retrain.on['repository_dispatch']).toEqual({ types: ['modelway-drift'] })
  })

  it('pastes nothing of the event into a script', () => {
    const scripts = Object.values(retrain.jobs).flatMap(({ steps }) =>
      steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
    )
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([])
  })

  it('looks at the event in a job without any right', () => {
    expect(retrain.jobs['event']?.permissions).toEqual({})
  })
})

const described = hasTools ? describe : describe.skip

described('the check of an event', () => {
  it('takes what the trigger sends, and hands on its key', () => {
    const { status, output, summary } = received(eventPayload(EVENT))
    expect({ status, output }).toEqual({ status: 0, output: `key=${EVENT.key}\n` })
    expect(summary).toContain(EVENT.runUrl)
  })

  it('shows names of columns as text, whatever they hold', () => {
    const drifted = [
      'a\n::set-output name=x::y',
      '<img src=x>',
      '@team',
      '[a](javascript:b)',
      '`$(id)`',
    ]
    const { status, summary } = received(eventPayload({ ...EVENT, drifted, driftedCount: 5 }))
    expect(status).toBe(0)
    const lines = summary.trim().split('\n').slice(1)
    expect(lines).toHaveLength(5)
    for (const line of lines) expect(line).toMatch(/^<li><code>[\w .-]*<\/code><\/li>$/)
  })

  it.each([
    ['no object', ['fail']],
    ['nothing', null],
    ['another key', { ...eventPayload(EVENT), key: `${EVENT.key}\nproceed=true` }],
    ['another outcome', { ...eventPayload(EVENT), outcome: 'warn' }],
    ['a run elsewhere', { ...eventPayload(EVENT), run_url: 'https://evil.example/actions/runs/1' }],
    ['a longer address', { ...eventPayload(EVENT), run_url: `${EVENT.runUrl})[x](y` }],
    ['columns that are no texts', { ...eventPayload(EVENT), drifted: [{}] }],
    ['too little', { key: EVENT.key }],
  ])('refuses %s', (_, payload) => {
    expect(received(payload)).toEqual({ status: 1, output: '', summary: '' })
  })

  it('takes one project alone where one is named', () => {
    expect(received(eventPayload(EVENT), 'shop').status).toBe(0)
    expect(received(eventPayload(EVENT), 'other').status).toBe(1)
  })
})
