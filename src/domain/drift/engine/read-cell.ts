/** A cell of an engine's answer. */
export type EngineCell = number | string | boolean | null | undefined

const WORDS: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['+inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['+infinity', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
])

/** An answer that is not what was asked for. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError'
}

/** A number, as a number or as text; undefined for null. */
export function numberIn(cell: EngineCell): number | undefined {
  if (cell === null || cell === undefined) return undefined
  if (typeof cell === 'number') return cell
  const text = String(cell).trim()
  const word = WORDS.get(text.toLowerCase())
  if (word !== undefined) return word
  const value = text === '' ? Number.NaN : Number(text)
  if (!Number.isNaN(value)) return value
  throw new UnreadableAnswerError(`${JSON.stringify(text.slice(0, 100))} is no number`)
}

/** A count or a sum: null, as of no rows, is 0. */
export function countIn(cell: EngineCell): number {
  return numberIn(cell) ?? 0
}

/** Numbers in one cell: a number, or a text such as `[1.5, 2e3]`. Null and what is not finite is left out. */
export function numbersIn(cell: EngineCell): readonly number[] {
  if (typeof cell === 'number') return [cell].filter(Number.isFinite)
  if (typeof cell !== 'string') return []
  const found = cell.match(/[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi) ?? []
  return found.map(Number).filter(Number.isFinite)
}
