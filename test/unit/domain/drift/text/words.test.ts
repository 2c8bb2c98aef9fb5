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
    expect(table.words).toEqual(['a', 'b', 'c'])
    expect([...table.offsets]).toEqual([0, 3, 3, 5])
    expect([...table.ids]).toEqual([0, 1, 0, 1, 2])
  })

  it('are not read to the end of a text of a megabyte', () => {
    expect(wordsOf('ab '.repeat(300_000)).length).toBeLessThan(10_000)
  })
})
