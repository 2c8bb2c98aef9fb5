import { closeSync, openSync, statSync, writeSync } from 'node:fs'

const levels = ['north', 'south', 'east', 'west', 'a level, with a comma', 'naïve']

/**
 * Writes a CSV file of `rows` x 30 columns: 10 floats with every bit printed, 6 short decimals, 6 integers,
 * 6 texts (2 of 1000 levels, one quoted now and then), a boolean and a date; 2% of the cells are missing.
 */
export function makeCsv(path, rows) {
  const random = generator(7)
  const file = openSync(path, 'w')
  const names = Array.from({ length: 30 }, (_, index) => `c${index}`)
  let text = `${names.join(',')}\n`
  for (let row = 0; row < rows; row++) {
    const cells = names.map((_, index) => (random() < 0.02 ? '' : cellOf(index, random)))
    text += `${cells.join(',')}\n`
    if (text.length > 1 << 20) {
      writeSync(file, text)
      text = ''
    }
  }
  writeSync(file, text)
  closeSync(file)
  return statSync(path).size
}

function cellOf(index, random) {
  if (index < 10) return String(random() * 100 - 50)
  if (index < 16) return (random() * 1000).toFixed(2)
  if (index < 22) return String(Math.floor(random() * 1e5))
  if (index < 26) {
    const level = levels[Math.floor(random() * levels.length)]
    return level.includes(',') ? `"${level}"` : level
  }
  if (index < 28) return `level-${Math.floor(random() * 1000)}`
  if (index === 28) return random() < 0.5 ? 'true' : 'false'
  return new Date(1.7e12 + Math.floor(random() * 1e3) * 864e5).toISOString().slice(0, 10)
}

/** mulberry32 */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
