import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { writeReport } from '../../../src/report/write-report.js'
import { openRecord } from '../../../src/statements/record.js'
import { createStatement } from '../../../src/statements/statement.js'
import { useTemporaryFolder } from '../temporary-folder.js'

const EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>\'`</style>]]>{a|b}&lt;'

/** Every tag of a page; fails on a `<` that begins none. */
function tagsOf(page: string): readonly string[] {
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '')
  const tags = body.match(/<[^>]*>/g) ?? []
  expect(body.replace(/<[^>]*>/g, '')).not.toMatch(/[<>]/)
  return tags
}

describe('the HTML report', () => {
  const folder = useTemporaryFolder()

  it('takes names that hold HTML for text, in tables and in pictures', async () => {
    const record = openRecord(join(folder.path, '.modelway'))
    const subject = [{ name: EVIL, digest: { sha256: 'a'.repeat(64) } }]
    const predicate = {
      source: [EVIL],
      revision: EVIL,
      files: [{ path: EVIL, size: 1, sha256: EVIL }],
      rows: 1,
      columns: [{ name: EVIL, type: EVIL, nulls: 0, distinct: 1, min: null, max: null }],
      contract: {
        path: EVIL,
        checks: [
          { id: EVIL, column: EVIL, status: 'fail', observed: EVIL, expected: EVIL, failedRows: 1 },
        ],
      },
      fingerprint: EVIL,
      decision: 'fail',
    }
    record.write('dataset', createStatement({ kind: 'dataset', subject, predicate, inputs: [] }))
    const model = {
      registry: 'files',
      location: EVIL,
      name: EVIL,
      version: EVIL,
      aliases: [EVIL],
      stage: null,
      uri: EVIL,
      modelDigest: EVIL,
      signature: null,
      lineage: { [EVIL]: EVIL },
    }
    record.write('model', createStatement({ kind: 'model', subject, predicate: model, inputs: [] }))
    const page = readFileSync(await writeReport(record.directory), 'utf8')
    for (const tag of tagsOf(page)) {
      expect(tag).not.toMatch(
        /^<\/?(script|img|iframe|object|embed|link|base|form|foreignObject)\b/i,
      )
      expect(tag).not.toMatch(/\son\w+\s*=|javascript:/i)
    }
    expect(page).toContain('&#60;script&#62;alert(1)')
    expect(page.match(/<style/g)).toHaveLength(1)
  })
})
