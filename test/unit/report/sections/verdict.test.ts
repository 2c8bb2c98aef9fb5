import { describe, expect, it } from '@jest/globals'
import { page } from '../../../../src/report/page.js'
import { verdictSection } from '../../../../src/report/sections/verdict.js'
import { VerdictPredicate } from '../../../../src/statements/schemas/verdict.js'
import {
  check,
  classification,
  type FullVerdict,
  ranking,
  regression,
  withText,
} from '../../domain/report/verdict-fixtures.js'

const stored = (verdict: FullVerdict) => VerdictPredicate.parse(JSON.parse(JSON.stringify(verdict)))

const rendered = (verdict: FullVerdict): string =>
  page('Modelway report', [verdictSection(stored(verdict))])

const decoded = (text: string): string =>
  text.replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))

/** The tags after the head; every `<` must begin one. */
function tagsOf(text: string): readonly string[] {
  const body = text.slice(text.indexOf('<body>'))
  expect(body.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/)
  return body.match(/<[^>]*>/g) ?? []
}

const names = (tags: readonly string[]): string[] =>
  [...new Set(tags.map((tag) => /^<\/?([a-z0-9]+)/i.exec(tag)?.[1] ?? tag))].sort()

const all = [
  ['classification', classification],
  ['regression', regression],
  ['ranking', ranking],
] as const

describe('the report of a verdict', () => {
  it('has the comment’s parts in the comment’s order', () => {
    const headings = decoded(rendered(classification)).match(/<h3[^>]*>[^<]*/g) ?? []
    expect(headings.map((one) => one.replace(/<[^>]*>/, ''))).toEqual([
      'What did not pass',
      'Worst slices',
      'Slices',
      'Pictures',
      'Groups',
      'Confusion',
      'Disagreement',
      'Data and code',
      'Changed rules',
    ])
  })

  it.each(all)(
    'of %s is one file that asks nothing of a network and runs nothing',
    (_, verdict) => {
      const text = rendered(verdict)
      expect(text).toContain("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
      for (const tag of tagsOf(text)) {
        expect(tag).not.toMatch(/^<(script|link|img|image|iframe|object|embed|use|base|form)\b/i)
        expect(tag).not.toMatch(
          /\s(on\w+|src|srcset|xlink:href)\s*=|javascript:|url\((?!#)|@import/i,
        )
        expect(tag).not.toMatch(/\shref="(?!#)/)
      }
      expect(text.length).toBeLessThan(500_000)
    },
  )

  it.each(all)(
    'of %s gives each picture a role, a name, a description and its numbers',
    (_, verdict) => {
      const figures = rendered(verdict).split('<figure>').slice(1)
      expect(figures).toHaveLength({ classification: 6, regression: 3, ranking: 0 }[_])
      for (const one of figures) {
        expect(one).toMatch(
          /^<svg role="img" aria-label="[^"]{5,}"[^>]*><title>[^<]+<\/title><desc>[^<]{20,}<\/desc>/,
        )
        expect(one).not.toMatch(/<svg[^>]* width="\d/)
        expect(one).toMatch(/<details><summary>Numbers of this picture<\/summary><div[^>]*><table/)
      }
    },
  )

  it('lets tables scroll by themselves, reachable by keyboard, each with a caption', () => {
    const text = rendered(classification)
    const tables = text.match(
      /<div class="scroll" tabindex="0" role="region" aria-label="[^"]+"><table[^>]*><caption>[^<]+/g,
    )
    expect(tables).toHaveLength(text.match(/<table/g)?.length ?? 0)
    expect(text).toContain('<a class="skip" href="#content">')
    expect(text).toContain('<main id="content"')
  })

  it('shows confusion with numbers and shares, not by shading alone', () => {
    const text = decoded(rendered(classification))
    expect(text).toContain('<th scope="row">no</th>')
    expect(text).toMatch(/color-mix\(in srgb,var\(--first\) 37%,var\(--back\)\)">2,100 \(93%\)</)
    expect(text).toContain('Baseline: true class by predicted class')
  })

  it('shows rates of groups with intervals and sizes, ids, and examples where they are there', () => {
    const text = decoded(rendered(classification))
    expect(text).toContain('41.0% (38.8 to 43.2%)')
    expect(text).toContain('sex missing')
    expect(text).toContain('<code>00044</code>')
    expect(text).toContain('Examples that only one model has right')
  })

  it('draws a verdict of the first release too', () => {
    const { diagnostics, sliceSearch, change, inputs, policySource, overrides, policy, ...old } =
      classification
    const checks = old.checks.map(({ direction, ...one }) => one)
    const parsed = VerdictPredicate.parse({ ...old, checks, slices: undefined })
    const text = page('Report', [verdictSection(parsed)])
    expect(text).toContain('<figure>')
    expect(text).not.toMatch(/undefined|NaN|\[object/)
    expect([
      diagnostics,
      sliceSearch,
      change,
      inputs,
      policySource,
      overrides,
      policy,
    ]).toHaveLength(7)
  })

  it.each(all)('of %s has no number that is none', (_, verdict) => {
    expect(rendered(verdict)).not.toMatch(/undefined|NaN|\[object|Infinity/)
  })

  it.each([
    '"><script>alert(1)</script><img src=x onerror=alert(2)>',
    "</svg></title></desc></style><style>@import 'x'",
    "' onmouseover='x",
    ']]><!--',
    '{a|b}{c}',
    '$& $1 $`',
  ])('takes %j for text in every field', (text) => {
    const harmless = names(tagsOf(rendered(withText(classification, 'x'))))
    const tags = tagsOf(rendered(withText(classification, text)))
    expect(names(tags)).toEqual(harmless)
    for (const tag of tags) {
      expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son\w+\s*=/i)
      for (const [, style] of tag.matchAll(/style="([^"]*)"/g))
        expect(style).not.toContain('import')
    }
  })

  it('stays under 500 kB with very many slices', () => {
    const slices = Array.from({ length: 3000 }, (_, i) =>
      check({
        metric: 'recall',
        rule: { 'no-worse-than': 'baseline', margin: 0.03 },
        slice: { column: 'who', value: `a rather long name of a slice, number ${i}` },
        status: 'fail',
        reason:
          'recall 0.61 is 14 points worse than the baseline, and all of the interval breaks the rule',
      }),
    )
    const text = rendered({ ...classification, checks: [...classification.checks, ...slices] })
    expect(text.length).toBeLessThan(500_000)
    expect(text).toContain('more, in the statement.')
  })
})
