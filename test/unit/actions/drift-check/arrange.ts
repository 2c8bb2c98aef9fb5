import { copyFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Puts a file of test/fixtures into a folder, under another name. */
function copyInto(folder: string, from: string, to: string): void {
  mkdirSync(dirname(join(folder, to)), { recursive: true })
  copyFileSync(
    fileURLToPath(new URL(`../../../fixtures/${from}`, import.meta.url)),
    join(folder, to),
  )
}

/** A file that test/reference/tabular/make-data-set.py made: of `groups`, 600 rows in row groups of 100. */
export function copyFixture(folder: string, name: string, to: string): void {
  copyInto(folder, `tabular/data-set/${name}`, to)
}

/** A file that test/reference/tabular made. */
export function copyTable(folder: string, name: string, to: string): void {
  copyInto(folder, `tabular/${name}`, to)
}

/** A result of another monitor. */
export function copyMonitor(folder: string, name: string, to: string): void {
  copyInto(folder, `monitors/${name}`, to)
}
