import { describe, expect, it } from '@jest/globals'
import { decideDrift } from '../../../../../src/domain/drift/decide.js'
import { driftMarkdown } from '../../../../../src/domain/report/drift/markdown.js'
import type { Column } from '../../../../../src/domain/table/column.js'
import { DEFAULT_DRIFT_POLICY, numbers, repeat, spread, table, text } from '../../drift/tables.js'

const even = (name: string, count = 400, shift = 0) => numbers(name, spread(count, shift))
const show = (reference: Column[], current: Column[], critical: string[] = []) =>
  driftMarkdown(
    decideDrift(
      { ...DEFAULT_DRIFT_POLICY, columns: { ...DEFAULT_DRIFT_POLICY.columns, critical } },
      table(...reference),
      table(...current),
    ),
  )
/** The cells of the table's rows. */
const rows = (markdown: string) =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => line.slice(2, -2).split(' | '))

describe('driftMarkdown', () => {
  it('says the decision first, then why, then what drifted before what did not', () => {
    const before = [even('stable'), even('few'), even('moved'), even('far')]
    const after = [
      even('stable'),
      numbers('few', [...spread(9), ...repeat(391, null)]),
      even('moved', 400, 0.2),
      even('far', 400, 3),
    ]
    const markdown = show(before, after)
    const [first, , second] = markdown.split('\n')
    expect(first).toBe('### Drift: ❌ fail')
    expect(second).toBe(
      '3 of 4 columns drifted; the limit is 30%. 400 current rows against 400 rows of the reference.',
    )
    expect(rows(markdown).map((cells) => [cells[0], cells[1]])).toEqual([
      ['❌ drifted', 'far'],
      ['❌ drifted', 'moved'],
      ['❌ drifted', 'few'],
      ['✅ stable', 'stable'],
    ])
    expect(rows(markdown)[0]?.slice(2, 6)).toEqual([
      'ks',
      '< 0.0001',
      'wasserstein&#45;normalised 10.4 (limit 0.1)',
      '0%',
    ])
    expect(rows(markdown)[2]?.[5]).toBe('0% → 97.8%')
  })

  it('puts a critical column before the others and says that it is', () => {
    const markdown = show([even('a'), even('b')], [even('a', 400, 3), even('b', 400, 1)], ['b'])
    expect(rows(markdown)[0]?.[1]).toBe('b (critical)')
  })

  it('says of a stable column why its p-value or distance alone did not count', () => {
    const small = rows(show([even('x', 50_000)], [even('x', 50_000, 0.02)]))
    expect(small[0]?.at(-1)).toBe('certain, but small')
    const chance = rows(show([even('x', 40)], [even('x', 40, 0.1)]))
    expect(chance[0]?.at(-1)).toBe('large, but may be chance')
    expect(rows(show([even('x')], [even('x')]))[0]?.at(-1)).toBe('')
  })

  it('shows fifteen columns and counts the rest by status', () => {
    const before = Array.from({ length: 20 }, (_, i) => even(`c${i}`))
    const after = before.map((column, i) => (i < 2 ? even(`c${i}`, 400, 1) : column))
    const markdown = show(before, after)
    expect(rows(markdown)).toHaveLength(15)
    expect(markdown).toContain('… and 5 columns more (5 stable).')
  })

  it('says so when there was nothing to compare', () => {
    expect(show([], [])).toBe(
      '### Drift: ❔ inconclusive\n\nNo column could be compared. 0 current rows against 0 rows of the reference.',
    )
  })

  it('lists findings, fifteen at most', () => {
    const extra = Array.from({ length: 20 }, (_, i) => even(`new${i}`))
    const markdown = show([even('x')], [even('x'), ...extra])
    expect(markdown).toContain('<summary>20 findings beside the statistics</summary>')
    expect(markdown).toContain('- new0: not in the reference')
    expect(markdown).not.toContain('new15')
    expect(markdown).toContain('- … and 5 more.')
  })

  it('lets no name or category break the table, mention anyone or become markup', () => {
    const name = 'a|b\n<img src=x>@team **x** ::set-output'
    const markdown = show(
      [text(name, repeat(50, 'a', 'b'))],
      [text(name, repeat(50, '</details>\n# @org', '| x |'))],
    )
    expect(rows(markdown)).toHaveLength(1)
    expect(rows(markdown)[0]).toHaveLength(7)
    for (const raw of ['<img', '@team', '@org', '**x**', '::set-output', '| x |', '\n# ']) {
      expect(markdown).not.toContain(raw)
    }
    expect(markdown.match(/<\/details>/g)).toHaveLength(1)
  })
})
