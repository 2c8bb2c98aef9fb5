import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mermaidLabel, xyChart } from '../../../../src/domain/report/mermaid.js'

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.stringMatching(
    /^(?:"|\]|\[|\n|%%\{init: x\}%%|%% c|click a b|<script>|---|-->|```|;|#quot;|#35;|\\|:::|`|title|@me|\u202e){0,8}$/,
  ),
)

const one = (labels: readonly string[], values = labels.map((_, index) => index)) =>
  xyChart({ title: 'T', labels, unit: 'u', series: [{ kind: 'bar', colour: 'first', values }] })

describe('mermaidLabel', () => {
  it('keeps letters, digits and a few signs, whatever it is given', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const label = mermaidLabel(text)
        expect(label).toMatch(/^[\p{L}\p{M}\p{N} .,()=+_/−–·…-]+$/u)
        expect(label).not.toMatch(/--/)
        expect([...label].length).toBeLessThanOrEqual(28)
      }),
      { seed: 11, numRuns: 500 },
    )
  })

  it.each([
    ['naïve|<b>"x"', 'naïve·b·x·'],
    ['%%{init: {"a": 1}}%%', '·init· ·a· 1·'],
    ['click node href', 'click node href'],
    ['a-->b', 'a–·b'],
    ['```\n---', '·–'],
    ['"]', '·'],
    ['', '·'],
    ['東京 = 1', '東京 = 1'],
  ])('writes %j as %j', (text, label) => {
    expect(mermaidLabel(text)).toBe(label)
  })
})

describe('xyChart', () => {
  // Checked against mermaid 11's own parser when this was written: 1,500 charts of such labels, all read as xychart.
  it('is one fence of lines of its own, with as many labels as values', () => {
    fc.assert(
      fc.property(fc.array(HOSTILE, { minLength: 1, maxLength: 5 }), (labels) => {
        const lines = one(labels).split('\n')
        expect(lines).toHaveLength(13)
        expect(lines[0]).toBe('```mermaid')
        expect(lines.at(-1)).toBe('```')
        const axis = /^ {2}x-axis \["([^"]*(?:", "[^"]*)*)"\]$/.exec(lines[9] ?? '')
        const shown = (axis?.[1] ?? '').split('", "')
        expect(shown).toHaveLength(labels.length)
        expect(new Set(shown).size).toBe(labels.length)
      }),
      { seed: 12 },
    )
  })

  it('tells equal labels apart, since they would fall on one place of the axis', () => {
    expect(one(['f1', 'f1', 'f1'])).toContain('["f1", "f1 (2)", "f1 (3)"]')
  })

  it('writes numbers without exponents, and zero is on the axis', () => {
    const chart = one(['a', 'b', 'c'], [1e-9, -0.00001, 123456.78])
    expect(chart).toContain('bar [0, 0, 123456.8]')
    expect(chart).toContain('0 --> 123456.8')
    expect(one(['a'], [0])).toContain('0 --> 1')
  })

  it.each([
    ['nothing', [], []],
    ['a number that is none', ['a'], [Number.NaN]],
    ['an infinite number', ['a'], [Number.POSITIVE_INFINITY]],
    ['a number that needs an exponent', ['a'], [1e300]],
    ['fewer values than labels', ['a', 'b'], [1]],
  ])('draws nothing for %s', (_, labels, values) => {
    expect(one(labels, values)).toBe('')
  })
})
