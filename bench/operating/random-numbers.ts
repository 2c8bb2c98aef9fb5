import { createRandom, type RandomSource } from '../../src/domain/stats/random.js'

/** A generator of its own for each name, so that no part of a simulation depends on which others were run. */
export function namedRandom(seed: number, name: string): RandomSource {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return createRandom(seed * 2 ** 32 + (hash >>> 0))
}

/** A standard normal number (Box & Muller 1958). */
export function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}

/** Student's t with 3 degrees of freedom: heavy tails with a variance, and no fourth moment. */
export function heavy(random: RandomSource): number {
  const chiSquare = normal(random) ** 2 + normal(random) ** 2 + normal(random) ** 2
  return normal(random) / Math.sqrt(chiSquare / 3)
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
