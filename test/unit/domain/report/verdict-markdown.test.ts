import { describe, expect, it } from '@jest/globals'
import type { VerdictPredicate } from '../../../../src/domain/gate/verdict.js'
import { verdictMarkdown } from '../../../../src/domain/report/verdict/markdown.js'
import { byCounts, tableOf, verdictOf } from '../gate/gate-fixtures.js'

const identity = { source: 'file:baseline.csv', digest: 'sha256:abc', ageDays: 3 }

function rendered(change: Partial<VerdictPredicate>, from = byCounts(870, 10, 60, 60)): string {
  const body = verdictOf({
    ...from,
    rules: [
      { metric: 'accuracy', 'at-least': 0.5 },
      { metric: 'accuracy', 'no-worse-than': 'baseline', margin: 0.02 },
    ],
  })
  return verdictMarkdown({ ...body, baseline: identity, ...change })
}

describe('verdictMarkdown', () => {
  it('says the decision in the first line, with a mark and a word', () => {
    expect(rendered({}).split('\n')[0]).toBe('❌ **Fail**: 1 of 2 checks failed.')
    const passed = rendered({}, byCounts(900, 20, 10, 70))
    expect(passed.split('\n')[0]).toBe(
      '✅ **Pass**: the candidate keeps to the rules in all of 2 checks.',
    )
    expect(passed).not.toContain('What did not pass')
  })

  it('shows each rule in the table with numbers, direction and interval', () => {
    const rows = (rendered({}).split('**What did not pass**')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| accuracy'))
    expect(rows).toHaveLength(2)
    const cells = (rows[1] ?? '').split(' | ').map((cell) => cell.replace(/^\| | \|$/g, ''))
    expect(cells.slice(0, 3)).toEqual(['accuracy', '0.93', '0.88'])
    expect(cells[3]).toMatch(/^−5 points \(worse\)<br><sub>−6\.\d+ to −3\.\d+ points<\/sub>$/)
    expect(cells.slice(4)).toEqual(['❌ Fail', 'no worse than baseline, margin 0.02'])
  })

  it('gives the reason of what did not pass, the examples and the baseline', () => {
    const text = rendered({})
    expect(text).toContain('**What did not pass**')
    expect(text).toContain('all of the interval breaks it')
    expect(text).toContain('95% interval of the difference by tango')
    expect(text).toContain(
      '1,000 examples in both files (1,000 of the candidate, 1,000 of the baseline)',
    )
    expect(text).toMatch(
      /Baseline: <code>.*baseline.*<\/code> \(<code>sha256.*abc<\/code>\), 3 days old\./,
    )
    expect(text).toContain('failures corrected by holm')
  })

  it('folds slices away, worst first, and lets no hostile value out', () => {
    const hostile = '</details>@octocat|<b>x</b>\n| ✅ |[a](https://e.vil)![i](x)'
    const id = Array.from({ length: 400 }, (_, i) => i)
    const label = id.map((i) => i % 2)
    const where = id.map((i) => (i < 200 ? 'fine' : i < 390 ? hostile : 'few'))
    const prediction = label.map((y, i) => (i < 200 ? y : 1 - y))
    const body = verdictOf({
      candidate: tableOf({ id, label, prediction, [hostile]: where }),
      rules: [{ metric: 'accuracy', 'at-least': 0.9, slices: { by: [hostile] } }],
    })
    const text = verdictMarkdown({ ...body, baseline: null })
    const start = '<details><summary>Slices: 1 fail, 1 pass, 1 too small</summary>'
    expect(text).toContain(start)
    const folded = (text.split(start)[1]?.split('</details>')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| accuracy'))
    expect(folded.map((line) => line.split(' | ').at(-2))).toEqual([
      '❌ Fail',
      '✅ Pass',
      '➖ Too small',
    ])
    for (const line of folded) expect(line.split(' | ')).toHaveLength(8)
    for (const harm of ['@octocat', '<b>', '](', 'https://', '![']) expect(text).not.toContain(harm)
    expect(text).toContain('1 of 3 values of')
    expect(text).toContain('Baseline: none.')
  })

  it('stays short with very many slices', () => {
    const id = Array.from({ length: 3000 }, (_, i) => i)
    const label = id.map((i) => i % 2)
    const body = verdictOf({
      candidate: tableOf({
        id,
        label,
        prediction: label.map((y) => 1 - y),
        who: id.map((i) => i >> 2),
      }),
      rules: [{ metric: 'accuracy', 'at-least': 0.9, slices: { by: ['who'], 'min-size': 4 } }],
    })
    const text = verdictMarkdown({ ...body, baseline: null })
    expect(text).toContain('and 700 more, in the verdict statement.')
    expect(text.length).toBeLessThan(60_000)
  })

  it('marks a warning as one', () => {
    const body = verdictOf({
      ...byCounts(870, 10, 60, 60),
      rules: [
        { metric: 'accuracy', 'at-least': 0.5 },
        { metric: 'accuracy', 'at-least': 0.99, level: 'warn' },
      ],
    })
    const text = verdictMarkdown({ ...body, baseline: identity })
    expect(text.split('\n')[0]).toBe(
      '⚠️ **Pass with warnings**: the candidate keeps to every binding rule; 1 of 2 checks did not pass and only warn.',
    )
    expect(text).toContain('❌ Fail (warning)')
  })
})
