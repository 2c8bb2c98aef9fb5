import { describe, expect, it } from '@jest/globals'
import { chosenOutput, firstOutputs } from '../../../../src/domain/serving/outputs.js'

describe('the first value of each output', () => {
  it.each([
    [
      {
        outputs: [
          { name: 'a', data: [[0.5, 1]] },
          { name: 'b', data: ['x', 'y'] },
        ],
      },
      { a: 0.5, b: 'x' },
    ],
    [{ predictions: [[3]] }, { predictions: 3 }],
    [{ outputs: [{ name: 'a', data: [] }, { data: [1] }, null, 7] }, {}],
    [{ outputs: 'none' }, {}],
    [undefined, {}],
    [[1], {}],
  ])('of %j is %j', (body, expected) => {
    expect(firstOutputs(body)).toEqual(expected)
  })
})

describe('the prediction among outputs', () => {
  it.each([
    [{ a: 1, prediction: 2 }, undefined, 2],
    [{ a: 1, b: 2 }, undefined, 1],
    [{ a: 1, b: 2 }, 'b', 2],
    [{ a: 1 }, 'c', undefined],
    [{ a: 1 }, 'constructor', undefined],
    [{}, undefined, undefined],
  ])('of %j with %p is %p', (outputs, name, expected) => {
    expect(chosenOutput(outputs, name)).toBe(expected)
  })
})
