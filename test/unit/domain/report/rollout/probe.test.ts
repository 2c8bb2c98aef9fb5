import { describe, expect, it } from '@jest/globals'
import { probeMarkdown } from '../../../../../src/domain/report/rollout/probe.js'

const FOUND = { address: 'http://a', protocol: 'v2' }

describe("the probe's part of the report", () => {
  it('is nothing where nobody probed', () => {
    expect(probeMarkdown(undefined)).toBe('')
    expect(probeMarkdown({ ...FOUND, checks: [] })).toBe('')
  })

  it('lists the checks, with what servers said as text', () => {
    const text = 'row 1: "a|b" is <img src=x>, @team `x`\n::error'
    const markdown = probeMarkdown({ ...FOUND, checks: [{ name: 'golden', status: 'fail', text }] })
    expect(markdown).toContain('❌ golden')
    expect(markdown).not.toMatch(/<img|@team|\n::error/)
  })

  it('counts what the watch saw, and says why it ended the rollout', () => {
    const watch = {
      looks: 9,
      canaryFailures: 3,
      usersFailures: 1,
      bothFailed: 2,
      stop: 'It is away.',
    }
    expect(probeMarkdown({ ...FOUND, checks: [], watch })).toBe(
      'Of 9 looks while it lasted, the canary failed 3, the address of users 1, both versions together 2. It is away.',
    )
    const quiet = { looks: 9, canaryFailures: 0, usersFailures: 0, bothFailed: 0, stop: null }
    expect(probeMarkdown({ ...FOUND, checks: [], watch: quiet })).toBe(
      'Of 9 looks while it lasted, the canary failed 0.',
    )
  })
})
