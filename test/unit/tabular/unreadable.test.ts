import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { openFiles } from '../../../src/comparison/open-files.js'
import { isProfile, readProfile } from '../../../src/comparison/summaries/profile-file.js'
import { hashFile } from '../../../src/tabular/hash-file.js'
import { readTable } from '../../../src/tabular/read-table.js'
import { errorOf, useTemporaryFolder } from '../temporary-folder.js'

const folder = useTemporaryFolder()

describe('a line of JSON', () => {
  it('is refused beyond 64 MB, by its number and before it is put together', async () => {
    const line = Buffer.concat([Buffer.from('{"a":1}\n{"a":"'), Buffer.alloc(70e6, 'x')])
    const path = folder.write('x.jsonl.gz', gzipSync(line, { level: 1 }))
    const error = await errorOf(() => readTable(path, { shownAs: 'x.jsonl.gz' }))
    expect(error.message).toBe(
      'MW-DATA-028: x.jsonl.gz:2: a line is longer than 64 MB. Write one JSON object a line.',
    )
  })
})

const onUnix = process.platform === 'win32' ? it.skip : it

describe('what is no file', () => {
  onUnix('is refused and not waited for: a pipe into which nobody writes', async () => {
    const path = join(folder.path, 'f.csv')
    execFileSync('mkfifo', [path])
    const message =
      'f.csv: this is a pipe, a device or a socket, not a file. Name a file that exists and is readable.'
    const errors = [
      await errorOf(() => readTable(path, { shownAs: 'f.csv' })),
      await errorOf(() => hashFile(path, undefined, 'f.csv')),
    ]
    for (const error of errors) expect(error.message).toBe(`MW-DATA-001: ${message}`)
    const opened = openFiles({ root: folder.path, paths: [path], where: 'drift.current' })
    expect((await errorOf(() => opened)).message).toContain('MW-DATA-')
    expect(await isProfile(path)).toBe(false)
    expect((await errorOf(() => readProfile({ path, shownAs: 'f.csv' }))).message).toMatch(
      /^MW-DRIFT-903: f\.csv/,
    )
  })

  onUnix('is refused and not read without an end: a device', async () => {
    const error = await errorOf(() => readTable('/dev/zero', { shownAs: 'z.csv' }))
    expect(error.message).toContain('this is a pipe, a device or a socket')
  })
})
