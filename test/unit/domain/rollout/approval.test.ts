import { describe, expect, it } from '@jest/globals'
import { parseApproval, tally } from '../../../../src/domain/rollout/approval.js'

describe('an answer to a request for approval', () => {
  it('is the first line: a word, what is approved, and why', () => {
    expect(parseApproval('/approve 0123456789ab go on\r\n/deny x')).toEqual({
      ...{ kind: 'approve', pin: '0123456789ab', reason: 'go on' },
    })
    expect(parseApproval('/deny\tsha256:0123456789ab')).toEqual({
      ...{ kind: 'deny', pin: 'sha256:0123456789ab', reason: '' },
    })
  })

  it('without what is approved is malformed', () => {
    expect(parseApproval('/approve ')).toEqual({ kind: 'malformed' })
  })

  it('keeps a reason of 300 characters, none of them halved', () => {
    const parsed = parseApproval(`/deny 0123456789ab ${'😀'.repeat(400)}`)
    expect(parsed).toMatchObject({ reason: '😀'.repeat(300) })
  })
})

describe('answers together', () => {
  const word = (kind: 'approve' | 'deny', by: string) => ({ kind, by })

  it.each([
    [[], 'pending'],
    [[word('approve', 'a')], 'approved'],
    [[word('approve', 'a'), word('deny', 'b')], 'denied'],
    [[word('deny', 'b'), word('approve', 'a')], 'denied'],
    [[word('deny', 'b'), word('approve', 'B')], 'approved'],
    [[word('approve', 'b'), word('deny', 'B')], 'denied'],
  ] as const)('%j are %s: the last word of each counts, and one denial denies', (words, kind) => {
    expect(tally(words).kind).toBe(kind)
  })
})
