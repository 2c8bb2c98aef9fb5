import type { EngineValue } from '../../ports/engine.js'

/** A cell as the port has it: whole numbers beyond 2^53, and what is no finite number, as text. */
export function cellOf(value: unknown): EngineValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'string' || typeof value === 'boolean') return value
  return String(value)
}
