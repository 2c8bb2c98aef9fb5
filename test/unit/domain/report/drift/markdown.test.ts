import { describe, expect, it } from '@jest/globals'
import { decideDrift } from '../../../../../src/domain/drift/decide.js'
import { driftMarkdown } from '../../../../../src/domain/report/drift/markdown.js'
import type { Column } from '../../../../../src/domain/table/column.js'
import { DEFAULT_DRIFT_POLICY, numbers, repeat, spread, table, text } from '../../drift/tables.js'
import { column, everything, moved } from './fixtures.js'

const even = (name: string, count = 400, shift = 0) => numbers(name, spread(count, shift))
const show = (reference: Column[], current: Column[], critical: string[] = []) =>
  driftMarkdown(
    decideDrift(
      { ...DEFAULT_DRIFT_POLICY, columns: { ...DEFAULT_DRIFT_POLICY.columns, critical } },
      table(...reference),
      table(...current),
    ),
  )
/** The cells of the rows of the columns' table. */
const rows = (markdown: string) =>
  (markdown.split('\n\n').find((part) => part.startsWith('|  | Column')) ?? '')
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
      '**Drift.** 3 of 4 columns drifted; the limit is 30%. 400 current rows against 400 rows of the reference.',
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
    const { distance } = column()
    const chance = column({ distance: distance && { ...distance, value: 0.12 } })
    const report = { ...everything(), columns: [chance] }
    expect(rows(driftMarkdown(report))[0]?.at(-1)).toBe('large, but may be chance')
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
      '### Drift: ❔ inconclusive\n\n**Drift cannot be said or ruled out.** No column could be compared. 0 current rows against 0 rows of the reference.',
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
    expect(markdown.match(/<\/details>/g)).toHaveLength(markdown.match(/<details>/g)?.length ?? 0)
  })

  it('says what else was found, each part folded away with its status in sight', () => {
    const markdown = driftMarkdown(everything())
    const folds = [...markdown.matchAll(/<summary>(.*?)<\/summary>/g)].map(([, text]) => text)
    expect(folds).toEqual([
      'Metrics',
      'All columns together: ❌ drifted',
      'Health of the data: ❌ fail',
      'Operational numbers',
      'Triggers: ❌ 1 failed',
      '1 finding beside the statistics',
      'Charts',
      'How it was decided',
    ])
    expect(markdown).toContain('**Performance: ❌ drifted.** Performance became worse&#58; x.')
    expect(markdown).toContain(
      '| ❌ drifted | Can a classifier tell the two apart? | 0.8 (0.78 to 0.82), limit 0.55 | 0.002 | x 70% |',
    )
    expect(markdown).toContain('| ❔ no data | scores x |')
    expect(markdown).toContain('| ➖ held | webhook |')
  })

  it('leaves out of the comment what is well', () => {
    const { health, ...rest } = everything()
    const well = health && { ...health, status: 'pass' as const, reason: 'all well', checks: [] }
    expect(driftMarkdown({ ...rest, health: well })).toContain('all well')
    const quiet = driftMarkdown({ ...rest, findings: [], triggers: [], operational: [] })
    for (const part of ['Health of', 'findings', 'Triggers', 'Operational'])
      expect(quiet).not.toContain(part)
  })

  it('says what else changed in a column that needs attention, three things at most', () => {
    const details = ['longer by half', 'new words: a|b', 'more digits', 'no more']
    const report = {
      ...everything(),
      columns: [moved('text', 3, { details }), column({ details })],
    }
    const [first, second] = rows(driftMarkdown(report))
    expect(first?.at(-1)).toMatch(
      /<br><sub>longer by half<\/sub><br><sub>new words&#58; a&#124;b<\/sub><br><sub>more digits<\/sub>$/,
    )
    expect(second?.at(-1)).toBe('')
  })

  it('draws how many times its limit each column is at, and the shares over time', () => {
    const far = Array.from({ length: 12 }, (_, i) => moved(`c${i}`, i + 2))
    const markdown = driftMarkdown({ ...everything(), columns: far })
    expect(markdown).toContain(
      'x-axis ["c11", "c10", "c9", "c8", "c7", "c6", "c5", "c4", "c3", "c2"]',
    )
    expect(markdown).toContain('bar [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]')
    expect(markdown).toContain('x-axis ["01-05", "01-12", "01-26", "02-02"]')
    expect(markdown).toContain('line [0, 10, 30, 40]')
    expect(markdown).toContain('line [30, 30, 30, 30]')
  })

  it('draws no line of one point, and no bar that hides all others', () => {
    const one = driftMarkdown({ ...everything(), columns: [moved('age', 3)] })
    expect(one).toMatch(/multiples of its limit\.\n\n```mermaid[^`]*bar \[3\]\n```/)
    const two = driftMarkdown({ ...everything(), columns: [moved('a', 5e8), moved('b', 2)] })
    expect(two).toContain('Line: the limit. Bars end at 100 times.')
    expect(two).toContain('0 --> 100\n  bar [100, 2]\n  line [1, 1]')
  })

  it('tells a trigger that failed from one that was held', () => {
    const markdown = driftMarkdown(everything())
    expect(markdown).toContain('<summary>Triggers: ❌ 1 failed</summary>')
    expect(markdown).toContain('| 🔔 fired | issue | x | drift |')
    expect(markdown).toContain('| ➖ held | webhook |')
    expect(markdown).toContain('| ❌ failed | kafka | x | not taken x |')
  })

  it('says that no data, and late data, is not "no drift"', () => {
    const none = {
      ...everything(),
      columns: [],
      driftedShare: 0,
      decision: 'inconclusive' as const,
    }
    const noData = driftMarkdown({ ...none, state: 'no-data', reason: 'no row has come' })
    expect(noData).toContain(
      '**There is no data to judge, which is not "no drift".** No row has come. The window is 2026&#45;02&#45;02 to 2026&#45;02&#45;09.',
    )
    expect(driftMarkdown({ ...none, state: 'late' })).toContain(
      '**The data is late: nothing was judged yet.**',
    )
  })

  it('calls a failure by performance or health no drift of columns', () => {
    const report = { ...everything(), columns: [column()], multivariate: undefined }
    expect(driftMarkdown(report)).toContain('**Performance became worse.**')
    expect(driftMarkdown({ ...report, performance: undefined })).toContain(
      '**No drift, but the data or what serves it is not well.**',
    )
  })

  it('says of imported results whose they are, and nothing that their monitor did not', () => {
    const imported = {
      ...everything(),
      source: { kind: 'evidently-json', monitor: 'Evidently', version: '0.7.11' },
      columns: [
        column({
          distance: null,
          values: { reference: 0, current: 0 },
          nulls: { reference: 0, current: 0 },
        }),
      ],
    }
    const markdown = driftMarkdown(imported)
    expect(markdown).toContain('As measured by Evidently 0.7.11.')
    expect(rows(markdown)[0]?.[5]).toBe('')
    expect(markdown).not.toContain('Certain is')
    expect(markdown).not.toContain('row of the reference')
  })

  it.each([
    'a|b\n<img src=x>@team **x** ::set-output',
    '</details>\n```\n# @org "quoted" ]--> %%{init: {}}%%',
    '[link](https://evil.example) `code` #1 GH-1',
  ])('takes %j for text in every field', (text) => {
    const markdown = driftMarkdown(everything(text))
    const harmless = driftMarkdown(everything('x'))
    const count = (given: string, part: RegExp) => given.match(part)?.length ?? 0
    for (const part of [/<\/?details>/g, /^```/gm, /^\|/gm, /^#/gm, /<img/g])
      expect([part, count(markdown, part)]).toEqual([part, count(harmless, part)])
    for (const [chart] of markdown.matchAll(/```mermaid[\s\S]*?```/g))
      expect(chart).not.toContain('%%')
    for (const raw of ['@team', '@org', '**x**', '::set-output', '](https', '`code`', 'GH-1'])
      expect(markdown).not.toContain(raw)
  })
})
