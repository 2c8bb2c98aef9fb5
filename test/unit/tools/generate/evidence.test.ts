import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { evidenceTable } from '../../../../tools/generate/evidence.js'

// Put together here, so that this file is evidence of nothing.
const TAG = '@evi' + 'dence'

describe('the table of evidence', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'modelway-evidence-'))
    mkdirSync(join(root, 'test'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it('has a row a tag, by system, with a link to the test', () => {
    writeFileSync(join(root, 'test', 'b.test.ts'), `// ${TAG} Zoo: live\n`)
    writeFileSync(join(root, 'test', 'a.test.ts'), `// ${TAG} Ark: emulated (Noah 1.0)\n`)
    expect(evidenceTable(root).split('\n').slice(2)).toEqual([
      '| Ark | emulated | Noah 1.0 | [test/a.test.ts](../test/a.test.ts) |',
      '| Zoo | live |  | [test/b.test.ts](../test/b.test.ts) |',
    ])
  })

  it('takes no other kinds', () => {
    writeFileSync(join(root, 'test', 'a.test.ts'), `// ${TAG} Ark: hoped for\n`)
    expect(evidenceTable(root).split('\n')).toHaveLength(2)
  })
})
