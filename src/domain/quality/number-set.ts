/** A set of numbers; NaN cannot be one of them, and -0 is 0. */
export interface NumberSet {
  readonly size: number
  /** Whether the number is new. */
  add(value: number): boolean
}

const { imul } = Math
const FIRST_SLOTS = 1024

/**
 * An open hash table of doubles: several times as fast as a Set, which moreover ends at 2^24 members. Members take 16
 * to 32 bytes each.
 */
export function createNumberSet(): NumberSet {
  let slots = new Float64Array(FIRST_SLOTS).fill(Number.NaN)
  let size = 0
  const grow = () => {
    const old = slots
    slots = new Float64Array(old.length * 2).fill(Number.NaN)
    for (let place = 0; place < old.length; place++) {
      const value = old[place] ?? Number.NaN
      if (!Number.isNaN(value)) slots[slotOf(slots, value)] = value
    }
  }
  return {
    get size() {
      return size
    },
    add: (value) => {
      const slot = slotOf(slots, value)
      if (slots[slot] === value) return false
      slots[slot] = value
      size++
      if (size * 2 > slots.length) grow()
      return true
    },
  }
}

const NUMBER = new Float64Array(1)
const WORDS = new Uint32Array(NUMBER.buffer)

/** Where the number is, or the empty slot where it belongs. */
function slotOf(slots: Float64Array, value: number): number {
  const mask = slots.length - 1
  // Adding 0 makes 0 of -0.
  NUMBER[0] = value + 0
  let hash = imul((WORDS[0] ?? 0) ^ imul(WORDS[1] ?? 0, 0x85ebca6b), 0xc2b2ae35)
  hash = imul(hash ^ (hash >>> 15), 0x27d4eb2f)
  let slot = (hash ^ (hash >>> 13)) & mask
  for (;;) {
    const held = slots[slot] ?? Number.NaN
    if (held === value || Number.isNaN(held)) return slot
    slot = (slot + 1) & mask
  }
}
