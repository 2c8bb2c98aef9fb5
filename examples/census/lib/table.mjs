/** Reads and writes the tables of this example: CSV files of integers, plain or gzipped. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** What the model may look at: codes of the ACS questionnaire, see data/README.md. */
export const FEATURES = [
  ...['AGEP', 'SCHL', 'MAR', 'RELP', 'DIS', 'ESP', 'CIT', 'MIG'],
  ...['MIL', 'ANC', 'NATIVITY', 'DEAR', 'DEYE', 'DREM', 'SEX', 'RAC1P'],
]
export const LABEL = 'employed'

/**
 * Reads CSV files of integers with the same header, one after the other, into one table:
 * `{ rows, columns }`, where `columns` maps a name to an Int32Array.
 */
export function readTable(paths) {
  const tables = paths.map(readCsv)
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const columns = {}
  for (const name of Object.keys(tables[0].columns)) {
    columns[name] = new Int32Array(rows)
    let at = 0
    for (const [index, table] of tables.entries()) {
      if (!table.columns[name]) throw new Error(`${paths[index]}: column "${name}" not found`)
      columns[name].set(table.columns[name], at)
      at += table.rows
    }
  }
  return { rows, columns }
}

function readCsv(path) {
  const bytes = readFileSync(path)
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const [header, ...lines] = text.trimEnd().split(/\r?\n/)
  const names = header.split(',')
  const columns = names.map(() => new Int32Array(lines.length))
  for (const [row, line] of lines.entries()) {
    const cells = line.split(',')
    if (cells.length !== names.length) {
      throw new Error(
        `${path}:${row + 2}: ${cells.length} cells, but the header has ${names.length}`,
      )
    }
    for (let column = 0; column < cells.length; column++) {
      const value = Number(cells[column])
      if (!Number.isInteger(value) || cells[column] === '') {
        throw new Error(
          `${path}:${row + 2}: ${names[column]} is not an integer: "${cells[column]}"`,
        )
      }
      columns[column][row] = value
    }
  }
  return {
    rows: lines.length,
    columns: Object.fromEntries(names.map((name, i) => [name, columns[i]])),
  }
}

/** The features as one matrix, a row after the other, which is what the learner and the model take. */
export function featureMatrix({ rows, columns }, features = FEATURES) {
  const matrix = new Int32Array(rows * features.length)
  for (const [f, name] of features.entries()) {
    if (!columns[name]) throw new Error(`column "${name}" not found`)
    for (let row = 0; row < rows; row++) matrix[row * features.length + f] = columns[name][row]
  }
  return matrix
}

/** Writes a file whole or not at all: first beside its place, then renamed into it. */
export function writeFileAtomically(path, text) {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, path)
  } finally {
    rmSync(temporary, { force: true })
  }
}
