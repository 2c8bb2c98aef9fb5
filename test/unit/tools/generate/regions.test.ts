import { describe, expect, it } from '@jest/globals'
import { fillRegions } from '../../../../tools/generate/markdown.js'

const page = 'before\n<!-- begin a (generated) -->\nold\n<!-- end a -->\nafter\n'

describe('generated regions', () => {
  it('are replaced, and what is around them stays', () => {
    expect(fillRegions(page, { a: 'new' })).toBe(
      'before\n<!-- begin a (generated) -->\n\nnew\n\n<!-- end a -->\nafter\n',
    )
  })

  it('do not change when they are filled again', () => {
    const once = fillRegions(page, { a: 'new' })
    expect(fillRegions(once, { a: 'new' })).toBe(once)
  })

  it('that a page does not have are passed over', () => {
    expect(fillRegions(page, { b: 'new' })).toBe(page)
  })

  it('that do not end are an error', () => {
    expect(() => fillRegions('<!-- begin a (generated) -->\n', { a: 'new' })).toThrow(
      'has no "<!-- end a -->"',
    )
  })

  it('hold text that looks like a replacement pattern as it is', () => {
    expect(fillRegions(page, { a: '$& $1' })).toContain('$& $1')
  })
})
