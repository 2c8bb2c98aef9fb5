import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  COMMANDS,
  type CommandRules,
  commandProblem,
  parseCommand,
  usageOf,
} from '../../../../src/domain/rollout/commands.js'
import { pinFits, SHORTEST_PIN, shortPin } from '../../../../src/domain/rollout/pin.js'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'
const DIGEST = `sha256:${'ab'.repeat(32)}`
const PINS = { commit: COMMIT, digest: DIGEST, rollout: 'census-2-2026-01-01T00:00:00.000Z' }
const PIN = COMMIT.slice(0, 12)

describe('a command', () => {
  it.each(COMMANDS)('/%s is read with its SHA and reason from the first line alone', (name) => {
    expect(parseCommand(`/${name} ${PIN}   p99 is  bad \r\n/promote ${PIN}`)).toEqual({
      ...{ kind: 'command', name, pin: PIN },
      reason: 'p99 is  bad',
    })
  })

  it('without a SHA is malformed, but for /status', () => {
    expect(parseCommand('/rollback')).toEqual({ kind: 'malformed', name: 'rollback' })
    expect(parseCommand('/status')).toMatchObject({ kind: 'command', pin: undefined })
  })

  it.each([
    ` /hold ${PIN}`,
    `\n/hold ${PIN}`,
    `> /hold ${PIN}`,
    `please /hold ${PIN}`,
    `/holdon ${PIN}`,
    `/hold-${PIN}`,
    `/HOLD ${PIN}`,
    `/hold\u00a0${PIN}`,
    `/hold\u200b ${PIN}`,
    `//hold ${PIN}`,
    `/toString ${PIN}`,
    `/constructor ${PIN}`,
    `\`/hold ${PIN}\``,
    `/hold ${PIN} ${'x'.repeat(1000)}`,
    '',
  ])('is not %j', (body) => {
    expect(parseCommand(body)).toBeUndefined()
  })

  it('is never read from a text that does not begin with it, whatever the text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 })
    const starts = /^\/(?:promote|rollback|hold|resume|status)(?:[ \t]|$)/
    fc.assert(
      fc.property(text, fc.constantFrom(...COMMANDS), (before, name) => {
        const body = `${before}/${name} ${PIN}`
        const line = body.split(/[\r\n]/, 1)[0] ?? ''
        if (!starts.test(line)) expect(parseCommand(body)).toBeUndefined()
      }),
    )
  })
})

describe('a pin', () => {
  it.each([PIN, COMMIT, DIGEST, DIGEST.slice(0, 19), DIGEST.slice(7, 30), PINS.rollout])(
    'fits as %s',
    (pin) => expect(pinFits(pin, PINS)).toBe(true),
  )

  it.each([
    ...['', COMMIT.slice(0, SHORTEST_PIN - 1), `${COMMIT}0`, COMMIT.slice(1), `sha256:${COMMIT}`],
    ...['0123456789aB', '.............', 'census-2', '__proto__'],
  ])('does not fit as %j', (pin) => expect(pinFits(pin, PINS)).toBe(false))

  it('of nothing that is known fits nothing', () => {
    expect(pinFits('undefined', { commit: undefined, digest: undefined })).toBe(false)
    expect(shortPin({ commit: undefined, digest: DIGEST })).toBe('abababababab')
    expect(shortPin({ commit: undefined, digest: undefined })).toBe('')
  })
})

describe('who may give a command', () => {
  const RULES: CommandRules = {
    allow: [...COMMANDS],
    forward: 'maintain',
    back: 'write',
    team: undefined,
    preventSelfPromotion: true,
  }
  const ask = (name: (typeof COMMANDS)[number], more: object = {}, rules: object = {}) =>
    commandProblem(
      {
        command: { kind: 'command', name, pin: PIN, reason: '' },
        speaker: { permission: 'maintain', inTeam: undefined },
        isAuthor: false,
        pins: PINS,
        ...more,
      },
      { ...RULES, ...rules },
    )
  const as = (permission: string, inTeam?: boolean) => ({ speaker: { permission, inTeam } })

  it('is who has the permission: less for the way back than for the way on', () => {
    for (const name of COMMANDS) expect(ask(name)).toBeUndefined()
    for (const name of ['rollback', 'hold', 'status'] as const) {
      expect(ask(name, as('write'))).toBeUndefined()
      expect(ask(name, as('triage'))).toContain('permission write')
    }
    for (const name of ['promote', 'resume'] as const) {
      expect(ask(name, as('write'))).toContain('permission maintain')
    }
  })

  it('or is in the team; one that cannot be looked up lets nobody in', () => {
    const rules = { team: 'acme/leads' }
    expect(ask('promote', as('read', true), rules)).toBeUndefined()
    expect(ask('promote', as('read', false), rules)).toContain('acme/leads')
    expect(ask('promote', as('read', undefined), rules)).toContain('could not be looked up')
    expect(ask('promote', as('read', true))).toContain('permission maintain')
  })

  it('is not who made the change, for a promotion past the evidence', () => {
    expect(ask('promote', { isAuthor: true })).toContain('may not promote')
    expect(ask('rollback', { isAuthor: true })).toBeUndefined()
    expect(ask('promote', { isAuthor: true }, { preventSelfPromotion: false })).toBeUndefined()
  })

  it('is nobody for a command that is not allowed, or that names something else', () => {
    expect(ask('promote', {}, { allow: ['rollback'] })).toContain('deploy.commands.allow')
    const command = { kind: 'command', name: 'rollback', pin: 'f'.repeat(12), reason: '' }
    expect(ask('rollback', { command })).toContain(usageOf('rollback', PINS))
  })
})
