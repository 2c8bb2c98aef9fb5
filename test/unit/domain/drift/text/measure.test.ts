import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { measureText } from '../../../../../src/domain/drift/text/measure.js'
import { createRandom, type RandomSource } from '../../../../../src/domain/stats/random.js'
import { TextEvidenceSchema } from '../../../../../src/statements/schemas/drift/text.js'
import { LANGUAGES, message, messages, textSample } from './corpora.js'

const reference = JSON.parse(
  readFileSync(new URL('../../../../reference/drift/text-vectors.json', import.meta.url), 'utf8'),
) as {
  texts: {
    reference: string[]
    current: string[]
    auc: number
    words: { statistic: number; pValue: number }
    charactersWasserstein: number
  }
}

function measure(
  before: readonly (string | undefined)[],
  now: readonly (string | undefined)[],
  options: { seed?: number; maxRows?: number } = {},
) {
  const random = createRandom(options.seed ?? 1)
  return measureText(textSample(before), textSample(now), {
    random,
    maxRows: options.maxRows ?? 10_000,
  })
}

/** How often p-values fall below 0.05 in runs of samples from one source. */
function alarms(
  runs: number,
  sizes: readonly [number, number],
  make: (count: number, random: RandomSource) => string[],
) {
  const found = { auc: 0, vocabulary: 0, area: 0 }
  for (let run = 0; run < runs; run++) {
    const random = createRandom(100 + run)
    const samples = sizes.map((size) => textSample(make(size, random)))
    const evidence = measureText(samples[0]!, samples[1]!, { random, maxRows: 10_000 })
    if (evidence.pValue! < 0.05) found.auc++
    if ((evidence.vocabulary?.pValue ?? 1) < 0.05) found.vocabulary++
    found.area += evidence.distance.value! / runs
  }
  return found
}

describe('free text against scikit-learn 1.9.1 and scipy 1.17.1', () => {
  const { texts } = reference

  it('has the area of TfidfVectorizer and LogisticRegression', () => {
    let mean = 0
    for (let seed = 0; seed < 5; seed++) {
      mean += measure(texts.reference, texts.current, { seed }).distance.value! / 5
    }
    expect(Math.abs(mean - texts.auc)).toBeLessThan(0.02)
  })

  it('has the statistics of lengths', () => {
    const { lengths } = measure(texts.reference, texts.current)
    expect(lengths?.words.statistic).toBeCloseTo(texts.words.statistic, 12)
    expect(lengths?.words.pValue).toBeCloseTo(texts.words.pValue, 12)
    expect(lengths?.characters.wassersteinNormalised).toBeCloseTo(texts.charactersWasserstein, 9)
  })
})

describe('free text without drift', () => {
  // 5% of 100 runs and three standard errors: 11.5.
  it.each([
    ['texts that differ', [60, 60], (n: number, random: RandomSource) => messages(n, random)],
    [
      'samples of different sizes',
      [200, 60],
      (n: number, random: RandomSource) => messages(n, random),
    ],
    [
      'many copies, and one text in four of ten rows',
      [120, 120],
      (n: number, random: RandomSource) =>
        messages(n, random, (r) =>
          r.next() < 0.4 ? 'n/a' : message(r).replace(/ #.*/, '').split(' ').slice(0, 4).join(' '),
        ),
    ],
  ] as const)('keeps to its rate of false alarms: %s', (_, sizes, make) => {
    const found = alarms(100, sizes, make)
    expect(found.auc).toBeLessThan(12)
    expect(found.vocabulary).toBeLessThan(12)
    expect(Math.abs(found.area - 0.5)).toBeLessThan(0.02)
  })

  it('is not misled by texts that come many times in one sample alone', () => {
    const bursts = (count: number, random: RandomSource): string[] => {
      const rows: string[] = []
      while (rows.length < count) {
        const text = message(random)
        rows.push(...new Array<string>(1 + Math.floor(20 * random.next() ** 3)).fill(text))
      }
      return rows.slice(0, count)
    }
    // Rows taken as independent would give three times as many alarms as they should.
    expect(alarms(100, [200, 200], bursts).auc).toBeLessThan(14)
  })

  it('does not take the paragraphs of one set of documents for two', () => {
    const paragraphs = documents(/^readme\.md$/i)
    const random = createRandom(5)
    const half = (side: number) => paragraphs.filter((_, i) => sides[i] === side)
    const sides = paragraphs.map(() => random.below(2))
    const evidence = measure(half(0), half(1), { maxRows: 1000 })
    expect(evidence.pValue).toBeGreaterThan(0.001)
    expect(evidence.distance.value).toBeLessThan(0.55)
  })
})

describe('free text with drift', () => {
  it('tells licences from descriptions, and by what', () => {
    const evidence = measure(documents(/^readme\.md$/i), documents(/^licen[cs]e/i), {
      maxRows: 1000,
    })
    expect(evidence.distance.value).toBeGreaterThan(0.8)
    expect(evidence.pValue).toBeLessThan(1e-6)
  })

  it.each(Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[])(
    'finds a new word in three of ten texts: %s',
    (language) => {
      const random = createRandom(3)
      const make = (r: RandomSource) => message(r, LANGUAGES[language])
      const marked = (r: RandomSource) => (r.next() < 0.3 ? `${make(r)} ${make(r)} ✔︎ zqx` : make(r))
      const evidence = measure(messages(300, random, make), messages(300, random, marked))
      expect(evidence.pValue).toBeLessThan(0.001)
      expect(evidence.vocabulary?.newWords[0]?.word).toBe('zqx')
      expect(evidence.ngrams.current.some(({ ngram }) => ngram.includes('zqx'))).toBe(true)
    },
  )

  it('finds with a hundred texts what half of the current ones have', () => {
    let found = 0
    for (let run = 0; run < 30; run++) {
      const random = createRandom(200 + run)
      const marked = (r: RandomSource) =>
        r.next() < 0.5 ? `please refund my late delivery ${message(r)}` : message(r)
      if (measure(messages(100, random), messages(100, random, marked)).pValue! < 0.05) found++
    }
    expect(found).toBeGreaterThan(27)
  })

  it('says which words are new, how lengths moved, and in which script texts are', () => {
    const random = createRandom(4)
    const now = messages(300, random, (r) =>
      r.next() < 0.4 ? message(r, LANGUAGES.Russian) : `${message(r)} and then nothing more came`,
    )
    const evidence = measure(messages(300, random), now)
    expect(evidence.vocabulary?.pValue).toBeLessThan(0.001)
    expect(evidence.lengths?.words.pValue).toBeLessThan(0.001)
    const cyrillic = evidence.scripts?.shares.find(({ script }) => script === 'Cyrillic')
    expect(cyrillic?.reference).toBe(0)
    expect(cyrillic?.current).toBeGreaterThan(0.3)
    expect(evidence.reasons.join('; ')).toMatch(
      /a classifier over words .*of the words are new where .*; texts have .* are in Latin script instead of 100%/,
    )
  })

  it.each([
    ['empty', '  '],
    ['digits', 'my order 4711 has not come'],
    ['urls', 'see https://example.org/a for more'],
    ['markup', 'a <b>bold</b> word'],
    ['capitals', 'WHY IS THIS SO SLOW'],
    ['broken-encoding', 'dÃ©jÃ\u00a0 vu'],
  ])('notes when more texts than before are of a kind: %s', (trait, text) => {
    const plain = (r: RandomSource) => message(r).replace(/ #.*/, '')
    const random = createRandom(6)
    const now = messages(200, random, (r) => (r.next() < 0.2 ? text : plain(r)))
    const evidence = measure(messages(200, random, plain), now)
    const found = evidence.traits.find((one) => one.trait === trait)
    expect(found?.reference).toBe(0)
    expect(found?.current).toBeCloseTo(0.2, 1)
    expect(found?.pValue).toBeLessThan(0.001)
  })
})

describe('free text whose words are the same', () => {
  it.each<[string, (text: string) => string, string]>([
    ['is all in lower case now', (text) => text.toLowerCase(), '(capital letters)'],
    ['has lost its punctuation', (text) => text.replaceAll(/[.!]/g, ''), '.'],
    ['is twice as long', (text) => `${text} ${text}`, '(16 to 31 words)'],
  ])('drifts when it %s', (_, change, mark) => {
    const random = createRandom(12)
    const make = (r: RandomSource) => {
      const text = message(r).replace(/ #.*/, r.next() < 0.5 ? '.' : '!')
      return text[0]!.toUpperCase() + text.slice(1)
    }
    const before = messages(200, random, (r) => `${make(r)} ${make(r)}`)
    const now = messages(200, random, (r) => change(`${make(r)} ${make(r)}`))
    const found = measure(before, now)
    expect(found.distance.value).toBeGreaterThan(0.8)
    const told = [...found.ngrams.reference, ...found.ngrams.current]
    expect(told.some(({ ngram }) => ngram === mark)).toBe(true)
  })
})

describe('free text at the edges', () => {
  it('says nothing with too few texts, which is not that there is no drift', () => {
    const random = createRandom(7)
    const evidence = measure(messages(29, random), messages(300, random))
    expect(evidence.distance.value).toBeNull()
    expect(evidence.pValue).toBeNull()
    expect(evidence.reasons[0]).toBe('too few texts to say (29 and 300, 30 are needed)')
  })

  it.each([
    ['no rows', [], []],
    ['missing cells alone', [undefined, undefined], [undefined]],
    ['one text', new Array(50).fill('same'), new Array(50).fill('same')],
    ['blanks', new Array(50).fill(' '), new Array(50).fill('')],
  ])('answers for %s', (_, before, now) => {
    const evidence = measure(before, now)
    expect(evidence.pValue ?? 1).toBeGreaterThan(0.5)
    expect(TextEvidenceSchema.parse(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence)
  })

  it('is plain JSON and the same for the same seed', () => {
    const random = createRandom(8)
    const hostile = ['a|<b>"`\n::set-output', '@mention __proto__ constructor', '\ud800 lone']
    const before = [...messages(100, random), ...hostile]
    const now = [...messages(100, random), ...hostile, 'x'.repeat(100_000)]
    const evidence = measure(before, now, { seed: 3 })
    expect(TextEvidenceSchema.parse(JSON.parse(JSON.stringify(evidence)))).toEqual(evidence)
    expect(measure(before, now, { seed: 3 })).toEqual(evidence)
    for (const { word } of evidence.vocabulary?.newWords ?? []) {
      expect(word.length).toBeLessThanOrEqual(201)
    }
  })

  it('looks at no more rows than it may', () => {
    const random = createRandom(9)
    const evidence = measure(messages(500, random), messages(80, random), { maxRows: 100 })
    expect(evidence.rows).toEqual({ reference: 100, current: 80 })
  })

  it('shows a phrase once, not each of its words', () => {
    const random = createRandom(10)
    const now = messages(200, random, (r) => `${message(r)} kindly advise soonest`)
    const { current } = measure(messages(200, random), now).ngrams
    expect(current.filter((one) => one.current === 1).length).toBeLessThan(3)
    expect(current[0]?.reference).toBe(0)
    expect(current[0]?.current).toBe(1)
  })
})

/** Paragraphs of a kind of document of the packages that are installed: English as people write it, with many copies. */
function documents(name: RegExp): string[] {
  const root = new URL('../../../../../node_modules/', import.meta.url)
  const paragraphs: string[] = []
  for (const folder of readdirSync(root, { withFileTypes: true })) {
    if (!folder.isDirectory() || folder.name.startsWith('.') || paragraphs.length > 3000) continue
    const at = new URL(`${encodeURIComponent(folder.name)}/`, root)
    for (const file of readdirSync(at, { withFileTypes: true })) {
      if (!file.isFile() || !name.test(file.name)) continue
      const text = readFileSync(new URL(encodeURIComponent(file.name), at), 'utf8')
      paragraphs.push(...text.split(/\n\s*\n/).filter((one) => one.length > 60))
    }
  }
  return paragraphs
}
