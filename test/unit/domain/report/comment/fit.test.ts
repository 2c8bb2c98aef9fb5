import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type CommentDocument,
  parseComment,
  renderComment,
} from '../../../../../src/domain/report/comment/document.js'
import { COMMENT_LIMIT, fitComment } from '../../../../../src/domain/report/comment/fit.js'

const REPORT = 'https://github.com/o/r/actions/runs/7'

function details(title: string, size: number): string {
  return `<details><summary>${title}</summary>\n\n${'row\n'.repeat(size / 4)}\n</details>`
}

function documentOf(sections: Record<string, string>): CommentDocument {
  return {
    project: 'p',
    workflow: 'w',
    sections: Object.entries(sections).map(([name, markdown]) => ({
      name,
      markdown,
      reportUrl: REPORT,
    })),
  }
}

function textOf(body: string, name: string): string | undefined {
  return parseComment(body)?.sections.find((section) => section.name === name)?.markdown
}

describe('a comment that is too long', () => {
  it('is left alone when it is not', () => {
    const document = documentOf({ 'setup-data': details('rows', 30_000), 'evaluate-gate': 'ok' })
    expect(fitComment(document, 'evaluate-gate')).toBe(renderComment(document))
  })

  it('first loses the details of its longest section, and links to the report', () => {
    const document = documentOf({
      'setup-data': `# Data\n\n${details('rows', 50_000)}\n\nend of data`,
      'evaluate-gate': `# Gate\n\n${details('slices', 30_000)}`,
    })
    const body = fitComment(document, 'evaluate-gate')
    expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT)
    expect(textOf(body, 'setup-data')).toBe(
      `# Data\n\n\nend of data\n\n*Cut: see [the full report](${REPORT}).*`,
    )
    expect(textOf(body, 'evaluate-gate')).toContain('<summary>slices</summary>')
  })

  it('drops the longest block first and keeps those that fit', () => {
    const markdown = [details('small', 4_000), details('huge', 70_000)].join('\n\n')
    const body = fitComment(documentOf({ 'drift-check': markdown }), 'drift-check')
    expect(body).toContain('<summary>small</summary>')
    expect(body).not.toContain('<summary>huge</summary>')
  })

  it('then loses whole sections, but not the one being written', () => {
    const document = documentOf({
      'setup-data': 'data '.repeat(8_000),
      'evaluate-gate': 'gate '.repeat(9_000),
      'drift-check': 'drift',
    })
    const body = fitComment(document, 'evaluate-gate')
    expect(textOf(body, 'setup-data')).toBe(
      `**setup-data** *Cut: see [the full report](${REPORT}).*`,
    )
    expect(textOf(body, 'evaluate-gate')).toBe('gate '.repeat(9_000).trimEnd())
    expect(textOf(body, 'drift-check')).toBe('drift')
  })

  it('at last cuts the section being written after a whole line', () => {
    const body = fitComment(
      documentOf({ 'drift-check': '| a | b |\n'.repeat(20_000) }),
      'drift-check',
    )
    expect(body.length).toBeLessThanOrEqual(COMMENT_LIMIT)
    expect(body.length).toBeGreaterThan(COMMENT_LIMIT * 0.9)
    const lines = textOf(body, 'drift-check')?.split('\n') ?? []
    expect(new Set(lines.slice(0, -2))).toEqual(new Set(['| a | b |']))
    expect(lines.at(-1)).toContain(REPORT)
  })

  it('puts no address into the link that could break out of it', () => {
    const cut = (reportUrl: string): string =>
      fitComment(
        {
          project: 'p',
          workflow: 'w',
          sections: [{ name: 'x', markdown: 'y\n'.repeat(50_000), reportUrl }],
        },
        'x',
      )
    expect(cut('https://h/a b)<script>')).toContain('(https://h/a%20b%29%3Cscript%3E)')
    expect(cut('javascript:alert(1)')).not.toContain('](')
  })

  it('fits whatever it is made of, and stays readable', () => {
    const chunk = fc.constantFrom(
      'word ',
      '\n',
      '```\n',
      '<details>\n',
      '</details>\n',
      '漢😀',
      '# h\n',
    )
    const text = fc.array(chunk, { maxLength: 400 }).map((parts) => parts.join(''))
    const section = fc.record({
      name: fc.constantFrom('setup-data', 'evaluate-gate', 'x'.repeat(300), '<b>'),
      markdown: text,
    })
    fc.assert(
      fc.property(
        fc.uniqueArray(section, { selector: ({ name }) => name, minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1_500, max: 3_000 }),
        (sections, limit) => {
          const newest = sections[0]?.name ?? ''
          const body = fitComment({ project: 'p', workflow: 'w', sections }, newest, limit)
          expect(body.length).toBeLessThanOrEqual(limit)
          const stored = newest.slice(0, 100)
          expect(parseComment(body)?.sections.map(({ name }) => name)).toContain(stored)
        },
      ),
      { seed: 7, numRuns: 300 },
    )
  })
})
