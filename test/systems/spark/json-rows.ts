import { writeFile } from 'node:fs/promises'
import type { Rows } from '../engine-agreement.js'

/** The same rows with their columns in the order of their names, as Spark has those of JSON. */
export function inOrderOfNames({ names, rows }: Rows): Rows {
  const order = [...names.keys()].toSorted((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1))
  const pick = <T>(of: readonly T[]): T[] => order.map((at) => of[at] as T)
  return { names: pick(names), rows: rows.map(pick) }
}

/** One object a line; the columns in `raw` are whole numbers that are given as text. */
export async function writeJsonRows(
  path: string,
  { names, rows }: Rows,
  raw: readonly string[],
): Promise<void> {
  const lines = rows.map((row) => {
    const pairs = names.flatMap((name, at) => {
      const value = row[at] ?? null
      if (value === null) return []
      const isBare = typeof value === 'number' || raw.includes(name)
      return [`${JSON.stringify(name)}:${isBare ? value : JSON.stringify(value)}`]
    })
    return `{${pairs.join(',')}}`
  })
  await writeFile(path, `${lines.join('\n')}\n`)
}
