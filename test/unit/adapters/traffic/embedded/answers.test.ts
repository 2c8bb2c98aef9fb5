import { describe, expect, it } from '@jest/globals'
import { parseJson, sameAnswer } from '../../../../../src/adapters/traffic/embedded/answers.js'

const answer = (outputs: unknown, status = 200, id = '1') => ({ status, body: { id, outputs } })
const output = (...data: unknown[]) => [{ name: 'p', shape: [data.length], data }]

describe('two answers', () => {
  it.each([
    ['equal outputs under another id', answer(output(1)), answer(output(1), 200, '2'), true],
    ['numbers within the tolerance', answer(output(1)), answer(output(1 + 1e-9)), true],
    ['numbers beyond it', answer(output(1)), answer(output(1.001)), false],
    ['another label', answer(output('a')), answer(output('b')), false],
    ['another number of rows', answer(output(1)), answer(output(1, 1)), false],
    ['another status', answer(output(1)), answer(output(1), 400), false],
    [
      'v1 predictions',
      { status: 200, body: { predictions: [1] } },
      { status: 200, body: { predictions: [2] } },
      false,
    ],
    [
      'bodies that are no JSON',
      { status: 200, body: undefined },
      { status: 200, body: undefined },
      true,
    ],
    ['a body and none', answer(output(1)), { status: 200, body: undefined }, false],
    ['null for a number', answer(output(null)), answer(output(1)), false],
  ])('%s: same is %s', (_name, a, b, same) => {
    expect(sameAnswer(a, b, { tolerance: 1e-6 })).toBe(same)
    expect(sameAnswer(b, a, { tolerance: 1e-6 })).toBe(same)
  })
})

describe('the output that is compared', () => {
  const scored = (label: number, score: number) =>
    answer([
      { name: 'label', shape: [1], data: [label] },
      { name: 'score', shape: [1], data: [score] },
    ])

  it('is the first, since scores differ between any two models', () => {
    expect(sameAnswer(scored(1, 0.8), scored(1, 0.7), { tolerance: 1e-6 })).toBe(true)
    expect(sameAnswer(scored(1, 0.8), scored(0, 0.8), { tolerance: 1e-6 })).toBe(false)
  })

  it('is the one that is named', () => {
    const by = { tolerance: 1e-6, output: 'score' }
    expect(sameAnswer(scored(1, 0.8), scored(0, 0.8), by)).toBe(true)
    expect(sameAnswer(scored(1, 0.8), scored(1, 0.7), by)).toBe(false)
  })

  it('is all of them where none has that name', () => {
    const by = { tolerance: 1e-6, output: 'other' }
    expect(sameAnswer(scored(1, 0.8), scored(1, 0.7), by)).toBe(false)
  })
})

describe('a body', () => {
  it.each([
    ['{"a":1}', 'application/json; charset=utf-8', { a: 1 }],
    ['{"a":1', 'application/json', undefined],
    ['{"a":1}', 'text/plain', undefined],
    ['', 'application/json', undefined],
  ])('%j as %s is %j', (text, type, expected) => {
    expect(parseJson([Buffer.from(text)], type)).toEqual(expected)
  })
})
