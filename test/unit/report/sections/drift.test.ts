import { describe, expect, it } from '@jest/globals'
import { decideDrift } from '../../../../src/domain/drift/decide.js'
import type { DriftReport } from '../../../../src/domain/report/drift/shown.js'
import { page } from '../../../../src/report/page.js'
import { driftSection } from '../../../../src/report/sections/drift.js'
import * as figures from '../../../../src/report/sections/drift-figures.js'
import { DriftPredicate } from '../../../../src/statements/schemas/drift.js'
import {
  DEFAULT_DRIFT_POLICY,
  numbers,
  repeat,
  spread,
  table,
  text,
} from '../../domain/drift/tables.js'
import { column, everything, moved, windowOf } from '../../domain/report/drift/fixtures.js'

/** As from a statement that was written and read. */
const rendered = (drift: DriftReport): string =>
  page('Modelway report', [
    driftSection(DriftPredicate.parse(JSON.parse(JSON.stringify(drift))), figures),
  ])

const decoded = (given: string): string =>
  given.replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))

/** What a reader reads. */
const words = (html: string): string =>
  decoded(html.replace(/^[\s\S]*<body>/, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()

/** The tags after the head; every `<` must begin one. */
function tagsOf(html: string): readonly string[] {
  const body = html.slice(html.indexOf('<body>'))
  expect(body.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/)
  return body.match(/<[^>]*>/g) ?? []
}

const counts = (tags: readonly string[]): Record<string, number> => {
  const found: Record<string, number> = {}
  for (const tag of tags) {
    const name = /^<\/?[a-z0-9]+/i.exec(tag)?.[0] ?? tag
    found[name] = (found[name] ?? 0) + 1
  }
  return found
}

const many = (count: number): DriftReport => ({
  ...everything(),
  columns: Array.from({ length: count }, (_, i) => {
    if (i % 10 === 0) return moved(`feature ${i}`, 1 + i)
    return column({ name: `feature ${i}`, status: i % 10 === 1 ? 'inconclusive' : 'stable' })
  }),
})

describe('the report of a drift check', () => {
  it('says the verdict in plain words first', () => {
    expect(words(rendered(everything()))).toContain(
      'Drift ✗ fail Drift. 2 of 6 columns drifted; x. 900 current rows of 2026-02-02 to 2026-02-09 against 1,000 rows of the reference.',
    )
  })

  it('tells in which windows of the history each column drifted, and which triggers failed', () => {
    const read = words(rendered(everything()))
    expect(read).toContain(
      'Column Drifted in 2026-01-05 2026-01-12 2026-01-19 2026-01-26 2026-02-02 x far 2 of 5 – ? inconclusive ! unconfirmed ✗ drifted x gone 1 of 5 ✗ drifted – –',
    )
    expect(read).toContain('✗ failed kafka x not taken x')
    expect(read).toContain('○ held webhook')
  })

  it('has its parts in order, and leads to each', () => {
    const html = rendered(everything())
    const headings = html.match(/<h3[^>]*>.*?<\/h3>/g) ?? []
    expect(headings.map(words)).toEqual([
      'Columns',
      'Findings beside the statistics',
      'Over time',
      'Performance ✗ drifted',
      'All columns together ✗ drifted',
      'Health of the data ✗ fail',
      'Operational numbers',
      'Triggers',
      'How it was decided',
    ])
    const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const all = [...html.matchAll(/ id="([^"]+)"/g)]
    expect(ids.size).toBe(all.length)
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
  })

  it('ranks the columns by what needs attention, with a mark, a word and how far off each is', () => {
    const rows = rendered(everything()).match(/<details class="column"[\s\S]*?<\/summary>/g) ?? []
    expect(rows.map((row) => words(row))).toEqual([
      '✗ drifted x far critical 12 times the limit',
      '✗ drifted x gone not compared',
      '! unconfirmed x when 0.3 times the limit',
      '? inconclusive x city 2 times the limit',
      '✓ stable x words 0.5 times the limit',
      '✓ stable x age 0.3 times the limit',
    ])
  })

  it('gives every number that a column was judged by', () => {
    const html = words(rendered(everything()))
    expect(html).toContain(
      'The distance is over the limit, but in samples of these sizes chance makes such distances too. More rows would settle it. This is not the same as no drift. X open. X detail',
    )
    for (const part of [
      'Distance jensen-shannon 0.2 Limit 0.1 Chance alone makes up to 0.3 Shows from about 0.4 of true distance',
      'Test chi-square, statistic 0.02 p 0.4 p, corrected 0.6',
      'Missing 1% before, 1% now, corrected p 1',
      'Values compared 1,000 before, 900 now',
      'Infinite, left out 1 before, 2 now',
      'New: 30 categories, 2% of the values x (empty) and 28 more',
      'Gone: 1 category x',
      'From a sketch ranks may be off by 0.1%',
      'Distance text-domain-auc 0.55 (0.5 is no difference)',
      'Against each reference ✗ drifted reference: 0.3 – absent x',
    ])
      expect(html).toContain(part)
  })

  it('draws both samples of a column, told apart by form, with the numbers as a table', () => {
    const html = rendered(everything())
    const figures = html.split('<figure><svg class="dist"').slice(1)
    expect(figures).toHaveLength(5)
    for (const one of figures) {
      expect(one).toMatch(/^ viewBox="0 0 400 [\d.]+" role="img" aria-label="[^"]{5,}"/)
      expect(one).toMatch(/<path class="r" d="M[^"]+"\/><path class="c" d="M[^"]+"\/>/)
      expect(words(one)).toMatch(
        /Filled: (reference|before)\. Line: |Upper bar: reference\. Lower bar: current\./,
      )
    }
    expect(words(html)).toContain('18 others 59.5% → 64%')
  })

  it('says in words what its bullets say', () => {
    const html = rendered(everything())
    for (const tag of html.match(/<svg class="bullet"[^>]*>/g) ?? ['none'])
      expect(tag).toContain('aria-hidden="true"')
    expect(words(html)).toContain(
      'Bar: the distance. Upright line: its limit. Shaded: what chance alone makes',
    )
  })

  it('shows what was found beside the columns', () => {
    const html = words(rendered(everything()))
    for (const part of [
      'Performance ✗ drifted Performance became worse: x.',
      '✗ drifted accuracy 0.9 (0.89 to 0.91) 0.8 (0.79 to 0.81) −0.1 (worse) 0.02 labels 0.001 0.8 after 0.9 x',
      'Rows with a known label: 100% of the reference, 55% of the current data.',
      'The alarm was raised after 2026-01-12 to 2026-01-19.',
      'Scores in the reference mean what they say: the calibration error is 0.01, where chance alone makes 0.012.',
      '0.8 (0.78 to 0.82), limit 0.55; p 0.002; 900 rows against 900. An area of 0.5 is a coin toss',
      'x and b 0.3 0.34 0.04',
      '✗ fail ranges.x x 0.4% 0.001 12 12 values outside x',
      '1 check passed',
      '? no data scores x',
      '● fired issue x https://forge.example/issues/3 drift 2026-02-09T00:00:00.000Z modelway-1',
      '○ held webhook hooks.example it stays quiet x',
      `Reference x.csv sha256 ${'ab'.repeat(32)}`,
    ])
      expect(html).toContain(part)
  })

  it('says why a smaller true change shows than chance alone makes', () => {
    expect(words(rendered(everything()))).toContain(
      'Triangle: the smallest true change that shows in about half of such samples. Chance adds to what is measured,',
    )
  })

  it('shows the newest windows and says how many it leaves out', () => {
    const base = everything()
    const names = Array.from({ length: 30 }, (_, i) => windowOf(i))
    const [point] = base.history?.windows ?? []
    if (base.history === undefined || point === undefined) throw new TypeError('no history')
    const history = {
      ...base.history,
      windows: names.map((window) => ({ ...point, window })),
      courses: [{ name: 'age', statuses: names.map(() => 'unconfirmed' as const) }],
    }
    const html = rendered({ ...base, history })
    const read = words(html)
    expect(read).toContain('22 earlier left out, but counted in “Drifted in”.')
    expect(read).toMatch(
      /Column Drifted in 2026-06-08 .* 2026-07-27 age 30 of 30 (! unconfirmed ?){8}/,
    )
  })

  it('says of a column that drifted within its limit by what', () => {
    const base = everything()
    const name = base.history?.columns[0]?.name ?? ''
    const columns = [
      column({ name, status: 'drifted', drifted: true, nulls: { reference: 0, current: 0.4 } }),
    ]
    expect(words(rendered({ ...base, columns }))).toContain(
      'drifted by what the distance does not see (missing cells 0% before, 40% now)',
    )
  })

  it('shows the 500 columns that say most of thousands, and counts the rest', () => {
    const html = rendered(many(1200))
    expect(html.match(/<details class="column"/g)).toHaveLength(500)
    expect(words(html)).toContain(
      'The 500 columns that say most are shown; 700 more columns are in the statement.',
    )
    expect(words(html)).toContain('✓ stable : 960')
    expect(words(html)).toContain('700 of them not shown.')
  })

  it('shows windows without data as gaps, and the columns that move', () => {
    const html = rendered(everything())
    expect(words(html)).toContain('✓ pass 2026-01-12 ? no data 2026-01-19 ✓ pass 2026-01-26')
    const [, line] = /<svg class="course".*?<path class="c" d="([^"]+)"/.exec(html) ?? []
    expect(line?.match(/M/g)).toHaveLength(2)
    expect(words(html)).toContain('x far wasserstein-normalised, now 1, limit 0.1')
  })

  it('is one file that asks nothing of a network and runs nothing', () => {
    for (const tag of tagsOf(rendered(everything()))) {
      expect(tag).not.toMatch(/^<(script|link|img|image|iframe|object|embed|use|base|form)\b/i)
      expect(tag).not.toMatch(/\s(on\w+|src|srcset|xlink:href)\s*=|javascript:|url\((?!#)|@import/i)
      expect(tag).not.toMatch(/\shref="(?!#)/)
    }
  })

  it('lets every table scroll by itself, with a caption of its own', () => {
    const html = rendered(everything())
    const regions = [
      ...html.matchAll(/<div class="scroll" tabindex="0" role="region" aria-label="([^"]+)">/g),
    ]
    expect(regions).toHaveLength(html.match(/<table/g)?.length ?? 0)
    expect(new Set(regions.map(([, name]) => name)).size).toBe(regions.length)
  })

  it('has no number that is none', () => {
    expect(rendered(everything())).not.toMatch(/undefined|NaN|\[object|Infinity/)
    const { distance } = column()
    const odd = [0, 1e-300, 1e300].flatMap((value) =>
      [0, 0.1].map((threshold) =>
        column({ distance: distance && { ...distance, value, threshold } }),
      ),
    )
    const empty = column({
      histogram: { kind: 'numeric', edges: [0, 0], reference: [0], current: [0] },
    })
    expect(rendered({ ...everything(), columns: [...odd, empty] })).not.toMatch(
      /undefined|NaN|\[object|Infinity/,
    )
  })

  it.each([
    '"><script>alert(1)</script><img src=x onerror=alert(2)>',
    "</svg></title></desc></style><style>@import 'x'",
    "' onmouseover='x",
    ']]><!--',
    '{a|b}{c}',
    '$& $1 $`',
  ])('takes %j for text in every field', (given) => {
    const tags = tagsOf(rendered(everything(given)))
    expect(counts(tags)).toEqual(counts(tagsOf(rendered(everything('some text')))))
    for (const tag of tags) expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son\w+\s*=/i)
  })
})

describe('the report of many columns', () => {
  it('folds away the groups that can wait, and offers all names', () => {
    const html = rendered(many(300))
    const group = (status: string) =>
      new RegExp(`<details class="group" id="drift-${status}" open>`)
    expect(html).toMatch(group('drifted'))
    expect(html).not.toMatch(group('stable'))
    expect(html.match(/<details class="column"[^>]* open>/g)).toHaveLength(5)
    expect(words(html)).toContain('All 300 columns by name feature 0 feature 1 feature 10')
    expect(words(html)).toContain('✗ drifted : 30 columns')
  })

  it('of 500 stays under 3 MB, real distributions and all', () => {
    const count = 500
    const columns = (shift: number) =>
      Array.from({ length: count }, (_, i) =>
        i % 2 === 0
          ? numbers(`number ${i}`, spread(60, i % 20 === 0 ? shift : 0))
          : text(
              `text ${i}`,
              repeat(2, ...Array.from({ length: 30 }, (_, k) => `category ${k} of ${i}`)),
            ),
      )
    const body = decideDrift(DEFAULT_DRIFT_POLICY, table(...columns(0)), table(...columns(2)))
    const html = rendered({ ...everything(), ...body })
    expect(html.match(/<svg class="dist"/g)?.length).toBeGreaterThanOrEqual(count)
    expect(html.length).toBeLessThan(3_000_000)
  })
})

describe('the report of what could not be judged', () => {
  it.each([
    ['no-data', '? no data', 'There is no data to judge, which is not "no drift".'],
    ['late', '? late', 'The data is late: nothing was judged yet.'],
  ] as const)('says %s', (state, mark, said) => {
    const html = rendered({
      ...everything(),
      columns: [],
      driftedShare: 0,
      decision: 'inconclusive',
      state,
    })
    expect(words(html)).toContain(`Drift ${mark} ${said}`)
    expect(html).not.toContain('drift-columns')
  })

  it('gives nothing of imported results that their monitor did not say', () => {
    const none = { reference: 0, current: 0 }
    const blank = { distance: null, values: none, nulls: none, histogram: null }
    const html = words(
      rendered({
        ...everything(),
        source: { kind: 'alibi-detect', monitor: 'Alibi Detect', version: null },
        columns: [
          moved('a', 1, { ...blank, pValue: 0.003 }),
          moved('b', 1, { ...blank, pValue: null }),
        ],
      }),
    )
    expect(html).toContain('As measured by Alibi Detect.')
    expect(html).toContain('✗ drifted a p 0.003')
    expect(html).toContain('✗ drifted b 0.02')
    expect(html).toContain('The monitor that measured it calls this drift.')
    expect(html).not.toContain('Missing 0%')
  })

  it('of the first release still reads, without what it did not say', () => {
    const { values, nullTest, infinities, newShare, rankError, details, against, ...old } = column()
    const distance = { name: 'wasserstein-normalised', value: 0.03, threshold: 0.1 }
    const { decision, reason, rows, driftedShare, alpha, correction } = everything()
    const first = {
      ...{ decision, reason, rows, driftedShare, alpha, correction, findings: [], triggers: [] },
      columns: [{ ...old, distance }],
      reference: { files: [] },
    }
    const html = rendered(first)
    expect(html).not.toMatch(/undefined|NaN|\[object/)
    expect(words(html)).toContain(
      '✓ stable age 0.3 times the limit No change as large as the limit.',
    )
    expect([values, nullTest, infinities, newShare, rankError, details, against]).toHaveLength(7)
  })
})
