import { describe, expect, it } from '@jest/globals'
import { type Glance, NOTHING_SEEN, seeMore } from '../../../../src/domain/probe/availability.js'

const OK = { kind: 'answered' } as const
const NONE = { kind: 'absent' } as const
const BAD = { kind: 'failed', why: 'it is away.' } as const

const glance = (more: Partial<Glance>): Glance => ({
  at: '2026-01-01T00:00:00.000Z',
  canary: OK,
  stable: OK,
  users: NONE,
  ...more,
})

const seenAfter = (glances: readonly Glance[], limit = 3) =>
  glances.reduce((seen, one) => seeMore(seen, one, limit), NOTHING_SEEN)

describe('what is seen of the addresses', () => {
  it('ends the rollout by failures of the canary in a row, once', () => {
    const failing = glance({ canary: BAD })
    expect(seenAfter([failing, failing]).stop).toBeUndefined()
    expect(seenAfter([failing, failing, failing]).stop?.text).toBe(
      'The canary did not answer 3 checks in a row: it is away. The stable version answered.',
    )
    const later = seenAfter([failing, failing, failing, glance({}), glance({})])
    expect(later).toMatchObject({ canaryFailures: 3, canaryStreak: 0 })
    expect(later.stop?.text).toContain('3 checks in a row')
  })

  it('begins to count anew after an answer', () => {
    const failing = glance({ canary: BAD })
    const seen = seenAfter([failing, failing, glance({}), failing, failing])
    expect(seen).toMatchObject({ looks: 5, canaryFailures: 4, stop: undefined })
  })

  it('says nothing of the canary while the stable version fails too', () => {
    const failing = glance({ canary: BAD })
    const both = glance({ canary: BAD, stable: BAD, users: BAD })
    expect(seenAfter([both, both, both, both])).toMatchObject({ bothFailed: 4, stop: undefined })
    // Neither does it end a streak: the canary was not seen to answer.
    expect(seenAfter([failing, failing, both, failing]).stop).toBeDefined()
  })

  it('is no failure of the canary where the stable version alone fails', () => {
    const alone = glance({ stable: BAD, users: BAD })
    expect(seenAfter([alone, alone, alone])).toMatchObject({
      canaryFailures: 0,
      usersFailures: 0,
      stop: undefined,
    })
  })

  it("ends the rollout by failures of the users' address, though both versions answer", () => {
    const unreachable = glance({ users: BAD })
    expect(seenAfter([unreachable, unreachable], 2).stop?.text).toBe(
      "The users' address did not answer 2 checks in a row: it is away. The stable version answered.",
    )
  })

  it('judges the canary alone where there is nothing beside it', () => {
    const alone = glance({ canary: BAD, stable: NONE })
    expect(seenAfter([alone], 1).stop?.text).toBe(
      'The canary did not answer 1 checks in a row: it is away.',
    )
  })
})
