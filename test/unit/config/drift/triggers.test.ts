import { describe, expect, it } from '@jest/globals'
import { TriggerGuard, TriggerSchema } from '../../../../src/config/drift/triggers.js'
import type { TriggerGuard as PlannedGuard } from '../../../../src/domain/drift/acting/plan.js'
import type { DriftTrigger } from '../../../../src/domain/drift/acting/trigger.js'

function problems(value: unknown): readonly string[] {
  const parsed = TriggerSchema.safeParse(value)
  return parsed.success ? [] : parsed.error.issues.map(({ message }) => message)
}

const KAFKA = { kind: 'kafka', brokers: ['b:9092'], topic: 't' }
const AIRFLOW = { kind: 'airflow', url: 'https://airflow.example', dag: 'd' }

describe('a trigger in modelway.yml', () => {
  it('may be a word, and is what the domain plans with', () => {
    const trigger: DriftTrigger = TriggerSchema.parse('repository-dispatch')
    expect(trigger).toEqual({
      kind: 'repository-dispatch',
      on: ['fail'],
      'event-type': 'modelway-drift',
    })
    expect(TriggerSchema.parse('issue')).toMatchObject({ labels: ['drift'], assignees: [] })
    expect(TriggerSchema.parse(KAFKA)).toMatchObject({ tls: false, sasl: 'plain' })
  })

  it.each([
    ['https://hooks.example/x', []],
    ['http://localhost:8080/x', []],
    ['http://127.0.0.1/x', []],
    ['http://[::1]:8080/x', []],
    ['http://hooks.example/x', ['must be https:, except on this machine']],
    ['http://127.0.0.1.evil.example/x', ['must be https:, except on this machine']],
    ['http://localhost@evil.example/x', expect.arrayContaining([expect.stringMatching(/https:/)])],
    ['https://user:secret@hooks.example/x', [expect.stringMatching(/no user name or password/)]],
  ])('posts to %s: %j', (url, expected) => {
    expect(problems({ kind: 'webhook', url })).toEqual(expected)
    expect(problems({ ...AIRFLOW, url })).toEqual(expected)
  })

  it.each(['ftp://x/y', 'no address', ''])('does not post to %j', (url) => {
    expect(problems({ kind: 'webhook', url })).not.toEqual([])
  })

  it('has a label by which the issue is found again', () => {
    expect(problems({ kind: 'issue', labels: [] })).not.toEqual([])
    expect(problems({ kind: 'issue', labels: ['a,b'] })).toEqual(['must hold no comma'])
  })

  it('has at most 25 inputs for a workflow', () => {
    const inputs = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`i${index}`, 'x']))
    const dispatch = { kind: 'workflow-dispatch', workflow: 'train.yml' }
    expect(problems({ ...dispatch, inputs: inputs(25) })).toEqual([])
    expect(problems({ ...dispatch, inputs: inputs(26) })).toEqual([
      'must be at most 25 inputs, as GitHub takes',
    ])
  })

  it.each(['broker', 'http://b:9092', 'b:', 'b:x', 'a b:1'])('has no broker %j', (broker) => {
    expect(problems({ ...KAFKA, brokers: [broker] })).toEqual(['must be host:port'])
    expect(problems({ ...KAFKA, brokers: ['b.example:9092', '[::1]:9093'] })).toEqual([])
  })
})

describe('the guard in modelway.yml', () => {
  it('is what the domain plans with', () => {
    const guard: PlannedGuard = TriggerGuard.parse({
      'cool-down': '6h',
      'min-new-rows': 10,
      hours: { from: 22, to: 6, days: ['fri'], 'time-zone': 'Europe/Berlin' },
      budget: { most: 3, per: '7d' },
    })
    expect(guard['cool-down']).toBe(6 * 3_600_000)
    expect(guard.budget).toEqual({ most: 3, per: 7 * 86_400_000 })
  })

  it.each([
    [{ from: 9, to: 9 }, '`from` and `to` must differ'],
    [{ from: 9, to: 17, 'time-zone': 'Mars/Base' }, 'must be a time zone such as Europe/Berlin'],
  ])('has no hours such as %j', (hours, message) => {
    const parsed = TriggerGuard.safeParse({ hours })
    expect(parsed.error?.issues.map((issue) => issue.message)).toEqual([message])
  })

  it('has no budget for no time', () => {
    const { error } = TriggerGuard.safeParse({ budget: { most: 1, per: '0d' } })
    expect(error?.issues.map(({ message }) => message)).toEqual(['must be longer than 0'])
  })
})
