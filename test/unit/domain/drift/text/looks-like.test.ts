import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import {
  looksLikeIdentifierText,
  looksLikeText,
} from '../../../../../src/domain/drift/text/looks-like.js'
import { createRandom, type RandomSource } from '../../../../../src/domain/stats/random.js'
import { LANGUAGES, message } from './corpora.js'

type Column = readonly [readonly string[], readonly number[]]

function column(rows: number, make: (random: RandomSource, row: number) => string): Column {
  const random = createRandom(1)
  const counts = new Map<string, number>()
  for (let row = 0; row < rows; row++) {
    const text = make(random, row)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  return [[...counts.keys()], [...counts.values()]]
}

function pick<T>(random: RandomSource, choices: readonly T[]): T {
  return choices[random.below(choices.length)]!
}

function digits(random: RandomSource, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('')
}

function letters(random: RandomSource, count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(65 + random.below(26))).join('')
}

function hash(row: number, algorithm: string): string {
  return createHash(algorithm).update(String(row)).digest('hex')
}

const FIRST = [
  'Anna',
  'Jürgen',
  'María José',
  'Oleksandr',
  'Nguyễn Văn',
  'Jean-Luc',
  'Fatima',
  'Søren',
]
const LAST = [
  'Müller',
  'García López',
  'van der Berg',
  "O'Brien",
  'Шевченко',
  'Schmidt',
  'Yılmaz',
  'Ng',
]

describe('free text', () => {
  it.each(Object.keys(LANGUAGES) as (keyof typeof LANGUAGES)[])('is messages in %s', (language) => {
    const messages = column(300, (random) => message(random, LANGUAGES[language]))
    expect(looksLikeText(...messages)).toBe(true)
    expect(looksLikeIdentifierText(...messages)).toBe(false)
  })

  it('is messages in scripts without spaces, numbers and all', () => {
    const messages = column(
      300,
      (random, row) => `今日は${row}番の${message(random, LANGUAGES.Japanese).replace(/ #.*/, '')}`,
    )
    expect(looksLikeText(...messages)).toBe(true)
    expect(looksLikeIdentifierText(...messages)).toBe(false)
  })

  it('is prose in capitals', () => {
    const shouted = column(200, (r) => `${message(r)} and ${message(r)}`.toUpperCase())
    expect(looksLikeText(...shouted)).toBe(true)
  })

  it('is messages that repeat, when over a thousand differ', () => {
    expect(looksLikeText(...column(40_000, (r) => `${message(r).slice(0, -1)}`))).toBe(true)
  })

  it.each<[string, (random: RandomSource, row: number) => string]>([
    [
      'names',
      (r, row) => `${pick(r, FIRST)} ${pick(r, LAST)}${row % 7 === 0 ? '' : ` ${letters(r, 1)}.`}`,
    ],
    ['names with titles', (r) => `Dr. ${pick(r, FIRST)} ${letters(r, 1)}. ${pick(r, LAST)}`],
    [
      'Chinese names',
      (r) =>
        `${pick(r, [...'王李张刘陈杨赵黄'])}${pick(r, [...'伟芳娜敏静强磊军'])}${pick(r, [...'平华玉东文明'])}`,
    ],
    ['British postcodes', (r) => `${letters(r, 2)}${digits(r, 1)} ${digits(r, 1)}${letters(r, 2)}`],
    ['German postcodes', (r) => digits(r, 5)],
    ['Brazilian postcodes', (r) => `${digits(r, 5)}-${digits(r, 3)}`],
    ['Dutch postcodes', (r) => `${digits(r, 4)} ${letters(r, 2)}`],
    [
      'addresses',
      (r) =>
        `${r.below(900)} ${pick(r, ['Main Street', 'Oak Avenue', 'High Road'])}, Springfield, IL ${digits(r, 5)}`,
    ],
    [
      'dates and times',
      (r) => `2024-0${1 + r.below(9)}-1${r.below(9)} 0${r.below(9)}:${10 + r.below(49)}:00`,
    ],
    ['prices', (r) => `${r.below(1000)}.${digits(r, 2)} EUR`],
    ['products', (r) => `${pick(r, ['Widget', 'Bolt', 'Lamp'])} ${letters(r, 2)} ${digits(r, 3)}`],
  ])('is not %s, which are no identifiers either unless they say so', (_, make) => {
    expect(looksLikeText(...column(300, make))).toBe(false)
    expect(looksLikeIdentifierText(...column(300, make))).toBe(false)
  })

  it('is not phrases of which there are few', () => {
    const states = [
      'waiting for the customer to answer',
      'sent back to the shop',
      'closed without a reply',
    ]
    expect(looksLikeText(...column(500, (r) => pick(r, states)))).toBe(false)
    expect(looksLikeText(...column(15, (r) => message(r)))).toBe(false)
  })

  it('is not phrases that most rows share with another', () => {
    expect(
      looksLikeText(...column(1000, (r) => `please call the shop number ${r.below(100)} again`)),
    ).toBe(false)
  })

  it('is not a column without texts', () => {
    expect(looksLikeText([], [])).toBe(false)
    expect(looksLikeIdentifierText([], [])).toBe(false)
  })
})

describe('identifiers', () => {
  it.each<[string, (random: RandomSource, row: number) => string]>([
    [
      'UUIDs',
      (_, row) => hash(row, 'md5').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    ],
    ['SHA-256 hashes', (_, row) => `sha256:${hash(row, 'sha256')}`],
    ['MD5 hashes', (_, row) => hash(row, 'md5')],
    ['e-mail addresses', (_, row) => `anna.${row}@example.org`],
    ['URLs', (_, row) => `https://example.org/items/${row}?q=a%20b`],
    ['network addresses', (r) => `10.${r.below(255)}.${r.below(255)}.${r.below(255)}`],
    ['order numbers', (_, row) => `ORD-${String(row).padStart(6, '0')}`],
    ['IBANs', (r) => `DE${digits(r, 20)}`],
    ['telephone numbers', (r) => `+49 170 ${digits(r, 7)}`],
    ['long numbers', (r) => `9${digits(r, 17)}`],
    ['paths', (_, row) => `/var/data/batch/${row}/part.csv`],
  ])('are %s, which are not text', (_, make) => {
    expect(looksLikeIdentifierText(...column(300, make))).toBe(true)
    expect(looksLikeText(...column(300, make))).toBe(false)
  })

  it('are not codes that repeat', () => {
    expect(looksLikeIdentifierText(...column(1000, (r) => `SHOP-0000${r.below(50)}`))).toBe(false)
  })

  it('take no long time over a text made to take one', () => {
    const evil = column(30, (_, row) => `${'a'.repeat(50_000)}${row}@${'.'.repeat(50_000)}`)
    expect(looksLikeIdentifierText(...evil)).toBe(false)
    const colons = column(30, (_, row) => `${'ab:'.repeat(600)}${row}!`)
    expect(looksLikeIdentifierText(...colons)).toBe(false)
    expect(looksLikeText(...column(30, (_, row) => `<${'a'.repeat(100_000)}${row}`))).toBe(false)
  })
})
