/** A source of random numbers: always passed in, so that a result can be made again from its seed. */
export interface RandomSource {
  /** Uniform on [0, 1) with 53 random bits. */
  next(): number
  /** Uniform on the whole numbers 0..n-1, without bias, for 1 <= n <= 2^53. */
  below(n: number): number
}

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a number. */
const { imul, floor } = Math
const { isInteger } = Number

const TWO_32 = 4294967296
const TWO_53 = 9007199254740992
/** Below this, a product with a 32-bit number is exact in a double. */
const SMALL = 2097152

/**
 * Words of 32 bits, signed: splitmix32 (after Steele, Lea & Flood 2014, with the finaliser of MurmurHash3). Fills the state of
 * a generator from a seed, and is enough where very many numbers are wanted at once.
 */
export function randomWords(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = imul(z ^ (z >>> 16), 0x85ebca6b)
    z = imul(z ^ (z >>> 13), 0xc2b2ae35)
    return z ^ (z >>> 16)
  }
}

/** The four words of state; both halves of a 53-bit seed matter. */
function initialState(seed: number): Int32Array {
  const whole = Math.abs(Math.trunc(seed)) % TWO_53
  const low = randomWords(whole % TWO_32)
  const high = randomWords(floor(whole / TWO_32) ^ (seed < 0 ? 0x80000000 : 0))
  const state = Int32Array.from([low(), low(), low(), low()])
  if (whole >= TWO_32 || seed < 0) for (let i = 0; i < 4; i++) state[i] = (state[i] ?? 0) ^ high()
  if (state.every((word) => word === 0)) state[0] = 1
  return state
}

/** Lemire's multiplication with rejection (2019), for n whose product with 32 bits is exact. */
function smallBelow(word: () => number, n: number): number {
  for (;;) {
    const product = word() * n
    const value = floor(product / TWO_32)
    const rest = product - value * TWO_32
    if (rest >= n || rest >= TWO_32 % n) return value
  }
}

/**
 * xoshiro128** (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators"), seeded by splitmix32. The
 * stream is a function of the seed (a whole number) alone, the same on every platform. A seed that is not finite or
 * a bound outside 1..2^53 -> RangeError.
 */
export function createRandom(seed: number): RandomSource {
  if (!Number.isFinite(seed)) throw new RangeError('The seed of a generator must be finite.')
  const s = initialState(seed)
  const word = (): number => {
    const s1 = s[1] ?? 0
    const scrambled = imul(s1, 5)
    const result = imul((scrambled << 7) | (scrambled >>> 25), 9)
    const s2 = (s[2] ?? 0) ^ (s[0] ?? 0)
    const s3 = (s[3] ?? 0) ^ s1
    s[1] = s1 ^ s2
    s[0] = (s[0] ?? 0) ^ s3
    s[2] = s2 ^ (s1 << 9)
    s[3] = (s3 << 11) | (s3 >>> 21)
    return result >>> 0
  }
  const wide = (): number => (word() >>> 5) * 67108864 + (word() >>> 6)
  return {
    next: () => wide() / TWO_53,
    below: (n) => {
      if (!(isInteger(n) && n >= 1 && n <= TWO_53)) {
        throw new RangeError('The bound of a random number must be a whole number from 1 to 2^53.')
      }
      if (n <= SMALL) return smallBelow(word, n)
      const limit = TWO_53 - (TWO_53 % n)
      let value = wide()
      while (value >= limit) value = wide()
      return value % n
    },
  }
}
