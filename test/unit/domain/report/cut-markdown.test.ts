import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { cutMarkdown, utf8Length } from '../../../../src/domain/report/cut-markdown.js'

const note = '*cut*'

describe('cutMarkdown', () => {
  it('never measures more than it may, in bytes of any script', () => {
    const chunk = fc.constantFrom('a', '\n', 'é', '漢', '😀', '```\n', '<details>\n', '# t\n')
    fc.assert(
      fc.property(
        fc.array(chunk, { maxLength: 300 }).map((parts) => parts.join('')),
        fc.integer({ min: 0, max: 500 }),
        (text, max) => {
          const cut = cutMarkdown(text, { max, measure: utf8Length, note })
          expect(utf8Length(cut)).toBeLessThanOrEqual(max)
          if (utf8Length(text) <= max) expect(cut).toBe(text)
        },
      ),
      { seed: 7, numRuns: 500 },
    )
  })

  it('cuts before a heading where that keeps at least half', () => {
    const text = `# A\n${'a'.repeat(60)}\n## B\n${'b\n'.repeat(100)}`
    const cut = cutMarkdown(text, { max: 100, measure: utf8Length, note })
    expect(cut).toBe(`# A\n${'a'.repeat(60)}\n\n*cut*`)
  })

  it('takes no line of a code block for a heading and closes the block', () => {
    const text = `\`\`\`sh\n${'x\n'.repeat(20)}# comment\n${'y\n'.repeat(100)}\`\`\``
    const cut = cutMarkdown(text, { max: 100, measure: utf8Length, note })
    expect(cut).toContain('# comment')
    expect(cut.endsWith('y\n```\n\n*cut*')).toBe(true)
  })
})
