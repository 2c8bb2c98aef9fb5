import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createMasks } from '../../../../src/adapters/host/masks.js'
import { printable, withoutControls } from '../../../../src/adapters/host/printable.js'
import { commandsIn } from '../../../contracts/host.contract.js'

const nasty = fc
  .array(
    fc.constantFrom(
      '::',
      ':',
      '##[',
      '#',
      '[',
      'a',
      ' ',
      '\t',
      '\n',
      '\r',
      '\u001b[0m',
      '\u00a0',
      '\u0085',
      '\ufeff',
      '\u2028',
      '\u0000',
      'error',
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''))

describe('printable', () => {
  it('leaves no workflow command in any text', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        expect(commandsIn(printable(text))).toEqual([])
        expect(printable(text)).not.toMatch(/^[\s\u0085]*::/m)
      }),
      { seed: 7, numRuns: 2000 },
    )
  })

  it('changes no plain text', () => {
    const text = 'a::b  c\n\tstd::vector<int> x[3]; # [1] 名 😀 – é\n'
    expect(printable(text)).toBe(text)
  })

  it('removes terminal escapes whole, and marks that reorder text', () => {
    expect(withoutControls('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007x\u202ey')).toBe('red xy')
    expect(withoutControls('a\r\nb\rc')).toBe('a\nb\nc')
  })
})

describe('masks', () => {
  it('hide a secret also inside JSON and URLs, the longest first', () => {
    const masks = createMasks()
    masks.add('pass"word é')
    masks.add('pass')
    expect(masks.hide(JSON.stringify({ x: 'pass"word é' }))).toBe('{"x":"***"}')
    expect(masks.hide('?t=pass%22word%20%C3%A9')).toBe('?t=***')
    expect(masks.hide('pass')).toBe('***')
  })

  it('hide each longer line of a secret, but not its short ones', () => {
    const masks = createMasks()
    masks.add('-----BEGIN\nabcdef\n}\n')
    expect(masks.hide('abcdef } BEGIN')).toBe('*** } BEGIN')
  })

  it('hide nothing for a blank secret', () => {
    const masks = createMasks()
    masks.add('')
    masks.add('\n ')
    expect(masks.hide('a b\n c')).toBe('a b\n c')
  })
})
