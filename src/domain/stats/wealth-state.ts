/**
 * The log-wealth of each alternative to start with: 0 for all, or what an earlier process had kept. Throws RangeError on a
 * state of another process (another number of alternatives, or something that is no number).
 */
export function startingWealth(state: readonly number[] | undefined, count: number): number[] {
  if (state === undefined) return new Array<number>(count).fill(0)
  const numbers = state.every((value) => typeof value === 'number' && !Number.isNaN(value))
  if (state.length === count && numbers) return [...state]
  throw new RangeError(`the state of this process has ${count} numbers`)
}
