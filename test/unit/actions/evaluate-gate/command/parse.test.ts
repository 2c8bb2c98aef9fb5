import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseCommand } from '../../../../../src/actions/evaluate-gate/command/parse.js'

const SHA = 'a1'.repeat(20)

describe('parseCommand', () => {
  it.each([
    ['/evaluate', { name: 'evaluate', commit: undefined }],
    ['  /evaluate\r\n', { name: 'evaluate', commit: undefined }],
    [`/evaluate ${SHA}`, { name: 'evaluate', commit: SHA }],
    [
      '/override-gate known regression',
      { name: 'override', commit: undefined, reason: 'known regression' },
    ],
    [`/override-gate ${SHA} known`, { name: 'override', commit: SHA, reason: 'known' }],
    ['/override-gate two\n\n  lines', { name: 'override', commit: undefined, reason: 'two lines' }],
  ])('reads %j', (body, expected) => {
    expect(parseCommand(body)).toEqual(expected)
  })

  it.each([
    '/evaluate please',
    `/evaluate ${SHA.slice(1)}`,
    '/override-gate',
    '/override-gate \n',
    `/override-gate ${SHA}`,
  ])('tells how to write %j', (body) => {
    expect(parseCommand(body)).toMatchObject({
      name: 'malformed',
      usage: expect.stringContaining('<the full SHA'),
    })
  })

  it.each([
    '',
    'hello',
    'please /evaluate',
    '> /evaluate',
    '/evaluated',
    '/Evaluate',
    '`/evaluate`',
    '/override-gates x',
    '/override-gate! x',
  ])('takes %j for no command', (body) => {
    expect(parseCommand(body)).toBeUndefined()
  })

  it('bounds the reason, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 900 }), (text) => {
        const command = parseCommand(`/override-gate x${text}`)
        if (command?.name !== 'override') throw new Error('no override')
        expect([...command.reason].length).toBeLessThanOrEqual(500)
        expect(command.reason).not.toMatch(/[\r\n]/)
      }),
    )
  })
})
