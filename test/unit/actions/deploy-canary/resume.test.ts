import { describe, expect, it } from '@jest/globals'
import { resumption } from '../../../../src/actions/deploy-canary/resume.js'
import { reduceRollout, startRollout } from '../../../../src/domain/rollout/machine.js'
import type { TrafficState } from '../../../../src/ports/traffic.js'
import { POLICY } from '../../domain/rollout/intervals.js'

const AT = '2026-01-01T00:00:00Z'
const state = [
  { kind: 'prepared', at: AT } as const,
  { kind: 'traffic-set', at: AT } as const,
].reduce(reduceRollout, startRollout({ id: 'r', policy: POLICY, at: AT }))

const found = (kept: unknown): TrafficState => ({
  stable: { version: '1', url: 'http://one' },
  canary: { version: '2', url: 'http://two' },
  previous: undefined,
  weight: 5,
  mirror: 0,
  rollout: { id: 'r', owner: 'run 1', state: JSON.parse(JSON.stringify(kept)) },
  ejected: undefined,
  url: 'http://router',
})

describe('an interrupted rollout', () => {
  it('that is not there leaves the way free', () => {
    const none = { ...found(state), rollout: undefined }
    expect(resumption({ found: none, resume: 'off', version: '2', at: AT })).toEqual({
      kind: 'fresh',
      undoFirst: false,
    })
  })

  it.each([
    ['auto', '2', 'shifting'],
    ['finish', '2', 'shifting'],
    ['finish', '3', 'shifting'],
    ['rollback', '2', 'rolling-back'],
  ] as const)('under %s, when version %s is to be deployed, is %s', (resume, version, phase) => {
    const answer = resumption({ found: found(state), resume, version, at: AT })
    expect(answer).toMatchObject({ kind: 'continue', state: { id: 'r', phase } })
  })

  it('of another version is undone under auto', () => {
    expect(resumption({ found: found(state), resume: 'auto', version: '3', at: AT })).toEqual({
      kind: 'fresh',
      undoFirst: true,
    })
  })

  it.each([
    null,
    'text',
    {},
    { ...state, version: 1 },
    { ...state, phase: 'dreaming' },
    { ...state, evidence: { rows: [{ kind: 'pairs' }], tally: null } },
    { ...state, looks: {} },
  ])('whose record is %j is undone', (kept) => {
    expect(resumption({ found: found(kept), resume: 'finish', version: '2', at: AT })).toEqual({
      kind: 'fresh',
      undoFirst: true,
    })
  })

  it('that was killed before it was prepared is begun anew: its server may be gone', () => {
    const begun = startRollout({ id: 'r', policy: POLICY, at: AT })
    expect(resumption({ found: found(begun), resume: 'finish', version: '2', at: AT })).toEqual({
      kind: 'fresh',
      undoFirst: true,
    })
  })

  it('is refused under off, with the name of who left it', () => {
    expect(() => resumption({ found: found(state), resume: 'off', version: '2', at: AT })).toThrow(
      /MW-DEPLOY-022: deploy.resume: rollout r of run 1 is unfinished/,
    )
  })

  describe('whose driver', () => {
    const driver = { host: 'here', pid: 7, until: '2026-01-01T00:05:00Z' }
    const driven = (at: string, isGone?: () => boolean) => {
      const { rollout, ...rest } = found(state)
      const traffic = { ...rest, rollout: { id: 'r', owner: 'run 1', state, ...rollout, driver } }
      return () => resumption({ found: traffic, resume: 'auto', version: '2', at, isGone })
    }

    it('may be alive is left to it', () => {
      expect(driven(AT)).toThrow(/MW-DEPLOY-039: .*process 7 on here drives it/)
      expect(driven(AT, () => false)).toThrow(/MW-DEPLOY-039/)
    })

    it('is known to be gone is gone on with at once', () => {
      expect(driven(AT, () => true)()).toMatchObject({ kind: 'continue' })
    })

    it('has not said for long that it is there is gone on with', () => {
      expect(driven('2026-01-01T00:05:01Z')()).toMatchObject({ kind: 'continue' })
    })
  })
})
