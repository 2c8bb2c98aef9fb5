import { describe, expect, it } from '@jest/globals'
import { tabulateWords, wordsOf } from '../../../../../src/domain/drift/text/words.js'

describe('words of a text', () => {
  it.each([
    ['It’s the CAT’s 2nd e-mail!', ['it’s', 'the', 'cat’s', '2nd', 'e', 'mail']],
    ["don't stop, 'quoted'", ["don't", 'stop', 'quoted']],
    ['Grüße aus Köln', ['grüße', 'aus', 'köln']],
    ['Привет, мир', ['привет', 'мир']],
    ['今日はABC', ['今', '日', 'は', 'abc']],
    ['ฉันรัก', ['ฉั', 'น', 'รั', 'ก']],
    ['안녕 하세요', ['안녕', '하세요']],
    ['नमस्ते दुनिया', ['नमस्ते', 'दुनिया']],
    ['ｆｕｌｌ ﬁt', ['full', 'fit']],
    ['naïve', ['naïve']],
    ['  …!?  ', []],
    ['', []],
  ])('%j', (text, words) => {
    expect(wordsOf(text)).toEqual(words)
  })

  it('are the same for both ways to write an accent', () => {
    expect(wordsOf('cafe\u0301')).toEqual(wordsOf('caf\u00e9'))
  })

  it('are numbered once for all texts', () => {
    const table = tabulateWords(['a b a', '', 'b c'])
    const own = (i: number) => [...table.ids.slice(table.offsets[i], table.offsets[i + 1])]
    expect([0, 1, 2].map(own)).toEqual([[0, 1, 0], [], [1, table.words.indexOf('c')]])
    expect(table.words.slice(0, 2)).toEqual(['a', 'b'])
    expect(new Set(table.words).size).toBe(table.words.length)
  })

  it('come with marks of what they do not tell', () => {
    const table = tabulateWords(['Is it, is IT?\nno', '今日は。', '', '😀 ok'])
    const marks = (i: number) =>
      Array.from(
        table.marks.slice(table.markOffsets[i], table.markOffsets[i + 1]),
        (id) => table.words[id],
      )
    expect(marks(0)).toEqual([
      ',',
      '?',
      '(capital letters)',
      '(small letters)',
      '(line breaks)',
      '(4 to 7 words)',
    ])
    expect(marks(1)).toEqual(['。', '(2 to 3 words)'])
    expect(marks(2)).toEqual(['(no words)'])
    expect(marks(3)).toEqual(['😀', '(small letters)', '(one word)'])
  })

  it('are not read to the end of a text of a megabyte', () => {
    expect(tabulateWords(['ab '.repeat(300_000)]).ids.length).toBeLessThan(10_000)
  })

  it('are read from all texts to the same length where they are too long together', () => {
    const long = 'ab '.repeat(10_000)
    const table = tabulateWords([...new Array<string>(999).fill(long), 'a b c'])
    const sizes = Array.from({ length: 1000 }, (_, i) => table.offsets[i + 1]! - table.offsets[i]!)
    // 10 million characters for 1000 texts.
    expect(new Set(sizes.slice(0, 999))).toEqual(new Set([Math.ceil(10_000 / 3)]))
    expect(sizes[999]).toBe(3)
  })
})
