import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))

/** The folder with samples of these sizes, made where it is not there yet. `maker` is a Python with numpy and pyarrow. */
export function dataFolder({ data, maker, rows, formats = ['parquet', 'csv'] }) {
  const folder = join(data, rows.join('-'))
  const isThere = formats.every((format) => existsSync(join(folder, `current.${format}`)))
  if (!isThere || !existsSync(join(folder, 'truth.json'))) {
    const wanted = formats.includes('csv') ? ['--csv'] : []
    execFileSync(maker, [join(here, 'data.py'), folder, ...rows.map(String), ...wanted])
  }
  return folder
}
