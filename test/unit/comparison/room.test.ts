import { describe, expect, it } from '@jest/globals'
import { Room } from '../../../src/comparison/room.js'

describe('Room', () => {
  it('gives what was taken before only after it was emptied', () => {
    const room = new Room()
    const first = room.numbers(10)
    const second = room.numbers(10)
    expect(second.buffer).not.toBe(first.buffer)
    room.empty()
    const again = [room.numbers(8).buffer, room.codes(20).buffer]
    expect(again.sort()).toEqual([first.buffer, second.buffer].sort())
    expect(room.numbers(1).buffer).not.toBe(first.buffer)
  })

  it('has as many numbers or codes as were asked for, however many there were before', () => {
    const room = new Room()
    room.numbers(3)
    room.empty()
    expect(room.numbers(100)).toHaveLength(100)
    room.empty()
    expect(room.codes(7)).toHaveLength(7)
    expect(room.numbers(0)).toHaveLength(0)
  })
})
