import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { fenceAfter } from '../../../../src/domain/report/balance-markdown.js'
import { verdictMarkdown } from '../../../../src/domain/report/verdict/markdown.js'
import { policyDiff } from '../../../../src/domain/report/verdict/trust.js'
import {
  check,
  classification,
  type FullVerdict,
  ranking,
  regression,
  withText,
} from './verdict-fixtures.js'

const subject = [{ name: 'model.onnx', digest: { sha256: '9'.repeat(64) } }]

const rendered = (change: Partial<FullVerdict> = {}): string =>
  verdictMarkdown({ ...classification, ...change }, { subject })

/** Entities as the signs that they stand for. */
const decoded = (text: string): string =>
  text
    .replaceAll('<!-- -->', '')
    .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))

/** The lines outside of fences, and how many fences there are; each must be closed. */
function outsideFences(markdown: string): { readonly text: string; readonly fences: number } {
  const lines: string[] = []
  let open: ReturnType<typeof fenceAfter>
  let fences = 0
  for (const line of markdown.split('\n')) {
    const before = open
    open = fenceAfter(line, open)
    if (before === undefined && open !== undefined) fences++
    if (before === undefined && open === undefined) lines.push(line)
  }
  expect(open).toBeUndefined()
  return { text: lines.join('\n'), fences }
}

/** The signs with a meaning that are left when entities and plain text are taken away, line by line. */
function skeleton(markdown: string): string {
  return outsideFences(markdown)
    .text.replace(/&#\d+;/g, '')
    .replaceAll('<!-- -->', '')
    .replace(/[^\n!-~]|[A-Za-z0-9.,;?%]/g, '')
}

describe('the comment of a full verdict', () => {
  it('says things in the order in which a reviewer needs them', () => {
    const text = decoded(rendered())
    const order = [
      '❌ **Fail**, **overridden**: 1 of 9 checks failed and 1 could not be decided.',
      '**Overridden** by <code>maintainer</code>',
      "**This pull request changes the gate's own rules.**",
      '| Metric | Baseline | Candidate | Difference | Verdict | Rule |',
      '**What did not pass**',
      '⚠️ The baseline is 45 days old',
      '**Worst slices**',
      '<summary>Slices: 1 fail, 1 pass, 1 too small</summary>',
      '<summary>Rates by group</summary>',
      '<summary>Confusion table</summary>',
      '<summary>Where the models disagree',
      '<summary>Charts</summary>',
      '<summary>Methods and tests</summary>',
      '<summary>Data and code identity</summary>',
      '4,000 examples in both files',
      'Rules: <code>modelway.yml</code> of the base branch',
      '<summary>Changed rules</summary>',
    ]
    const places = order.map((part) => text.indexOf(part))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places[0]).toBe(0)
    expect(text.match(/<details>/g)).toHaveLength(text.match(/<\/details>/g)?.length ?? 0)
  })

  it('shows floors, ratios, qualifiers and intersections in words', () => {
    const text = decoded(rendered())
    expect(text).toContain(
      '| accuracy | 0.9 | 0.88<br><sub>0.8696 to 0.8897</sub> | −2 points (worse) | ✅ Pass | at least 0.8 |',
    )
    expect(text).toContain('<sub>−0.19% to +0.83% of the baseline</sub>')
    expect(text).toContain('no worse than baseline, relative margin 0.02')
    expect(text).toContain('f1<br><sub>macro</sub>')
    expect(text).toContain('❌ Fail (warning)')
    expect(text).toContain(
      '<code>sex</code> = <code>F</code> and <code>age_band</code> = <code>60+</code>',
    )
    expect(text).toContain('<code>sex</code> missing')
    expect(decoded(verdictMarkdown(ranking))).toContain('ndcg<br><sub>k = 10</sub>')
    expect(decoded(verdictMarkdown(regression))).toContain('pinball<br><sub>quantile = 0.9</sub>')
  })

  it('marks a bare number as one without uncertainty', () => {
    expect(decoded(verdictMarkdown(regression))).toContain(
      '| metrics:size_mb | – | 152<br><sub>no uncertainty available</sub> | – | ✅ Pass | at most 200 |',
    )
  })

  it('says how many examples would settle what is open, and says it once', () => {
    expect(decoded(rendered())).toContain(
      'over that bound. About 9,200 examples would settle it with 80% power, if the estimate stays; there are 4,000.',
    )
    expect(verdictMarkdown(regression).match(/would settle/g)).toHaveLength(1)
  })

  it('shows the five worst slices of the search, and what was searched', () => {
    const text = decoded(rendered())
    const part = text.slice(text.indexOf('**Worst slices**'), text.indexOf('<details>'))
    expect(part.match(/^\| <code>/gm)).toHaveLength(5)
    expect(part).toContain(
      '<code>education</code> = <code>Doctorate</code> and <code>age</code> = <code>[31, 45)</code> | 210 | 0.82 | 0.71 | −11 points<br><sub>−18 to −5 points</sub> | 0.004 |',
    )
    expect(part).toContain('and 1 more, in the report.')
    expect(part).toContain('312 slices of at least 50 examples over 5 columns')
    expect(part).toContain('1 column with too many values or beyond the limit was not searched.')
    expect(verdictMarkdown(regression)).toContain(
      'it found no slice where the candidate does worse',
    )
    expect(verdictMarkdown(ranking)).not.toContain('Slice search')
  })

  it('counts abstentions, and names digests, commit and baseline', () => {
    const text = decoded(rendered())
    expect(text).toContain(
      'without a prediction, counted as wrong: 12 of the candidate, 3 of the baseline',
    )
    for (const digit of ['9', 'a', 'b', 'e', 'f']) expect(text).toContain(digit.repeat(64))
    expect(text).toContain('| Training statement |')
    expect(text).toContain('of pull request 12')
    expect(text).toContain('registry:champion')
  })

  it('warns of an old baseline only where it is older than allowed', () => {
    const warning = /older than the 30 days/
    expect(rendered()).toMatch(warning)
    const fresh = { source: 'ref:main', ageDays: 30, maxAgeDays: 30 }
    expect(rendered({ baseline: fresh })).not.toMatch(warning)
    expect(rendered({ baseline: { source: 'ref:main', ageDays: 99 } })).not.toMatch(warning)
    expect(rendered({ baseline: { source: 'ref:main', ageDays: -2.2 } })).toContain(
      'dated 2 days in the future',
    )
  })

  it('says of a fork’s verdict that its numbers are self-reported, right after the decision', () => {
    const lines = verdictMarkdown(ranking, { selfReported: true }).split('\n')
    expect(lines[0]).toMatch(/^✅/)
    expect(lines[2]).toBe('> [!WARNING]')
    expect(lines[3]).toMatch(/^> These numbers are self-reported: a run of the fork/)
    expect(verdictMarkdown(ranking)).not.toContain('self-reported')
  })

  it('says so where the first baseline is yet to come', () => {
    const first = { decision: 'warn', baseline: null, overrides: [] } as const
    const passed = classification.checks.filter(({ status }) => status === 'pass')
    const head = (checks: FullVerdict['checks']) => rendered({ ...first, checks }).split('\n')[0]
    expect(head(passed)).toBe(
      '⚠️ **Pass with warnings**: the candidate keeps to the 6 rules that could be judged; there is no baseline to compare with yet.',
    )
    expect(head([])).toContain('nothing was judged, since there is no baseline')
  })

  it('does not count an override of another commit', () => {
    const text = rendered({ change: { commit: 'f'.repeat(40), pullRequest: 12 } })
    expect(text.split('\n')[0]).toMatch(/^❌ \*\*Fail\*\*: /)
    expect(text).toContain('An override of another commit, which does not count here,')
  })

  it('links where an override was said only to a plain https address', () => {
    expect(rendered()).toContain(
      '([where](https://github.com/acme/models/pull/12#issuecomment-99))',
    )
    for (const url of [
      'javascript:alert(1)',
      'https://x.y/)[a](b',
      'http://x.y/z',
      'https://a b/',
    ]) {
      const [override] = classification.overrides ?? []
      if (override === undefined) throw new Error('fixture')
      expect(rendered({ overrides: [{ ...override, url }] })).not.toContain('](')
    }
  })
})

describe('policyDiff', () => {
  it('is fenced longer than any fence in the lines, each on one line', () => {
    const text = policyDiff(['+ ```', '- `````', '+ a\nb\u202ec', '-   ~~~'])
    expect(text.split('\n')).toEqual([
      '``````diff',
      '+ ```',
      '- `````',
      '+ a b c',
      '-   ~~~',
      '``````',
    ])
  })

  it('shows 60 lines and counts the rest', () => {
    const lines = policyDiff(Array.from({ length: 100 }, (_, i) => `+ ${i}`)).split('\n')
    expect(lines).toHaveLength(63)
    expect(lines.at(-2)).toBe('… and 40 more lines')
  })

  it('ends only where it is meant to, whatever the lines hold', () => {
    const line = fc.stringMatching(/^(?:`{1,6}|~{3}|\n|\+|-| |a|diff|<\/details>){0,8}$/)
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        expect(outsideFences(`${policyDiff(lines)}\nafter`)).toEqual({ text: 'after', fences: 1 })
      }),
      { seed: 21 },
    )
  })
})

describe('hostile text in every field', () => {
  const HOSTILE = fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.stringMatching(
      /^(?:@org\/team|@me|#12|GH-3|o\/r#4|https:\/\/x\.y|www\.x\.y|a@b\.co|\[a\]\(b\)|!\[i\]\(j\)|<img>|<\/details>|<!-- x -->|\*\*b\*\*|_i_|~~s~~|`c`|\||\n|\r\n|```|~~~|1\. |- |> |# |&lt;|&#64;|\\|:tada:|\$m\$|%%\{init\}%%|"\]){1,6}$/,
    ),
  )

  it.each([
    ['classification', classification],
    ['regression', regression],
    ['ranking', ranking],
  ])('changes nothing of the structure of a comment on %s', (_, verdict) => {
    const options = (name: string) => ({
      subject: [{ name, digest: { sha256: name } }],
      selfReported: true,
    })
    const harmless = verdictMarkdown(withText(verdict, 'x'), options('x'))
    const expected = skeleton(harmless)
    const { fences } = outsideFences(harmless)
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const hostile = verdictMarkdown(withText(verdict, text), options(text))
        expect(skeleton(hostile)).toBe(expected)
        expect(outsideFences(hostile).fences).toBe(fences)
      }),
      { seed: 22, numRuns: 150 },
    )
  })

  it('keeps the comment’s size within bounds, however much there is', () => {
    const long = '|'.repeat(300)
    const [pass, , , , , slice] = classification.checks
    if (pass === undefined || slice === undefined) throw new Error('fixture')
    const many = Array.from({ length: 1000 }, () => [pass, slice]).flat()
    const huge = withText(
      {
        ...classification,
        checks: many.map((one) => check({ ...one, status: 'fail' })),
        policySource: { ref: 'head', commit: null, path: 'x', changes: Array(5000).fill('+') },
        overrides: Array(100).fill(classification.overrides?.[0]),
      },
      long,
    )
    expect(verdictMarkdown(huge).length).toBeLessThan(400_000)
    const ordinary = { ...classification, checks: many }
    expect(verdictMarkdown(ordinary).length).toBeLessThan(60_000)
  })
})
