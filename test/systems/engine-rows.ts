import { createRandom } from '../../src/domain/stats/random.js'
import type { Cell, Rows } from './engine-agreement.js'

/** Enough different values that buckets are needed, with ties, in two columns. */
export function manyValues(side: 'reference' | 'current', count: number): Rows {
  const random = createRandom(side === 'reference' ? 11 : 12)
  const shift = side === 'reference' ? 0 : 0.02
  const rows = Array.from({ length: count }, (): Cell[] => [
    (random.next() + random.next() + random.next()) * 1000 + shift * 1000,
    Math.floor(Math.exp(random.next() * 9)) / 100,
  ])
  return { names: ['amount', 'price'], rows }
}

/** As text, for engines that read CSV with quotes doubled. */
export function csvOf({ names, rows }: Rows): string {
  const cell = (value: Cell) => {
    if (value === null) return ''
    if (typeof value === 'string') return `"${value.replaceAll('"', '""')}"`
    return String(value)
  }
  return `${[names, ...rows].map((row) => row.map(cell).join(',')).join('\n')}\n`
}
