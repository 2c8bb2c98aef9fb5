import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { Project } from '../../acceptance/bundles/bundle.js'
import { Stages } from '../../acceptance/bundles/stages.js'
import type { Behaviour } from '../haproxy/versions.js'
import { until } from '../kubernetes/processes.js'
import { deploySettings, type Ended, Runner, withoutRecord } from './runner.js'

/** A system before the versions `model-1`, which users are on, and `model-2`. */
export interface Door {
  /** `deploy.target` and what it needs. */
  readonly settings: object
  readonly canary: { seen(): number; behave(how: Behaviour): void }
  /** Users on kept connections while something is done: how many requests were sent, and what was answered. */
  underLoad(
    work: () => Promise<void>,
  ): Promise<{ readonly sent: number; readonly statuses: ReadonlyMap<number, number> }>
  /** How many of so many requests the canary answers. */
  toCanary(times: number): Promise<number>
  close(): Promise<void>
}

export interface Place {
  /** Where the rollout's record is: in the system itself, or in the folder `state-dir`. */
  readonly record: 'system' | 'state-dir'
  open(): Promise<Door>
}

/** With the whole log where it came out otherwise. */
function expectOutcome(
  outcome: string,
  { log, predicate }: Pick<Ended, 'log' | 'predicate'>,
): void {
  if (predicate?.outcome !== outcome)
    throw new Error(`${predicate?.outcome}, not ${outcome}: ${log}`)
}

/** Whole rollouts by the command line, in processes of their own, with users in the background. */
export function wholeRollouts({ record, open }: Place): void {
  let stages: Stages
  let door: Door | undefined
  beforeAll(async () => {
    stages = await Stages.make()
  }, 120_000)
  afterEach(async () => {
    await door?.close()
    door = undefined
  })
  afterAll(() => Project.removeAll())

  const start = async (how: Behaviour) => {
    const opened = await open()
    door = opened
    opened.canary.behave(how)
    const project = stages.before('deploy-canary')
    deploySettings(project, {
      steps: [5, 50, 100],
      interval: '1s',
      ...opened.settings,
      'min-requests': 20,
      horizon: '60s',
      'max-hold': '1s',
      'health-path': '',
      analysis: [{ metric: 'error-rate', 'at-most': 0.1 }],
      backends: { stable: { version: 'before', name: 'model-1' }, canary: { name: 'model-2' } },
    })
    return { door: opened, project }
  }
  const nothingIsUnderWay = async (project: Project) => {
    const { code, predicate, log } = await new Runner(project, ['--mode', 'continue']).ended()
    expect({ code, predicate }).toEqual({ code: 0, predicate: undefined })
    expect(log).toContain('No rollout is under way')
  }

  describe('a rollout', () => {
    it('gives all users a good version, loses none of their requests and leaves nothing open', async () => {
      const { door, project } = await start('answers')
      const runner = new Runner(project)
      const met = await door.underLoad(async () => void (await runner.ended()))
      const { code, predicate, log } = await runner.ended()
      expectOutcome('promoted', { log, predicate })
      expect(code).toBe(0)
      expect([...met.statuses]).toEqual([[200, met.sent]])
      expect(await door.toCanary(100)).toBe(100)
      await nothingIsUnderWay(project)
    }, 90_000)

    it('takes back a version that fails, at its first step', async () => {
      const { door, project } = await start('fails')
      const runner = new Runner(project)
      const met = await door.underLoad(async () => void (await runner.ended()))
      const { code, predicate, log } = await runner.ended()
      expectOutcome('rolled-back', { log, predicate })
      expect(code).toBe(1)
      expect(predicate?.weight).toBe(0)
      // Nobody met it at more than its first weight, and every failure is one of its own.
      const failures = met.statuses.get(500) ?? 0
      expect([...met.statuses.keys()].sort()).toEqual([200, 500])
      expect(failures).toBe(door.canary.seen())
      expect(failures).toBeLessThan(0.1 * met.sent)
      expect(await door.toCanary(100)).toBe(0)
      await nothingIsUnderWay(project)
    }, 90_000)

    it.each([
      { how: 'answers' as const, outcome: 'promoted', share: 100 },
      { how: 'fails' as const, outcome: 'rolled-back', share: 0 },
    ])(
      'whose runner is killed is gone on with by another one, without its record: $outcome',
      async ({ how, outcome, share }) => {
        const { door, project } = await start('answers')
        let another: Project | undefined
        let runner = new Runner(project)
        const met = await door.underLoad(async () => {
          await until(
            'users of the canary',
            async () => door.canary.seen() > 20 || !runner.isRunning,
          )
          expect({ isRunning: runner.isRunning, log: runner.log }).toMatchObject({
            isRunning: true,
          })
          await runner.kill()
          const seen = door.canary.seen()
          await sleep(500)
          // Nobody drives it, and it stays as it was.
          expect(door.canary.seen()).toBeGreaterThan(seen)
          door.canary.behave(how)
          another = withoutRecord(project, record === 'system' ? 'nothing' : 'state-dir')
          runner = new Runner(another, ['--mode', 'continue'])
          await runner.ended()
        })
        const { predicate, log } = await runner.ended()
        expectOutcome(outcome, { log, predicate })
        const answered = (met.statuses.get(200) ?? 0) + (met.statuses.get(500) ?? 0)
        expect(answered).toBe(met.sent)
        expect(met.statuses.has(500)).toBe(how === 'fails')
        expect(await door.toCanary(100)).toBe(share)
        if (another !== undefined) await nothingIsUnderWay(another)
      },
      120_000,
    )
  })
}
