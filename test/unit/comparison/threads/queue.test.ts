import { describe, expect, it } from '@jest/globals'
import { Queue } from '../../../../src/comparison/threads/queue.js'

describe('a queue', () => {
  it('gives what came first, also after it was empty', () => {
    const queue = new Queue<number>()
    for (const item of [1, 2]) queue.push(item)
    expect([queue.shift(), queue.length, queue.shift(), queue.shift()]).toEqual([
      1,
      1,
      2,
      undefined,
    ])
    queue.push(3)
    expect([queue.length, queue.shift(), queue.length]).toEqual([1, 3, 0])
  })

  it('keeps what it is told to of what was not taken', () => {
    const queue = new Queue<number>()
    for (const item of [1, 2, 3, 4]) queue.push(item)
    queue.shift()
    expect(queue.keep((item) => item !== 3)).toEqual([2, 3, 4])
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([2, 4, undefined])
  })
})
