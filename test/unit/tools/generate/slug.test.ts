import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { usesOf, withOwnSlug } from '../../../../tools/generate/slug.js'

describe('the slug of a fork', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'modelway-slug-'))
    const repository = { url: 'git+https://github.com/fork-er/my.models.git' }
    writeFileSync(join(root, 'package.json'), JSON.stringify({ repository }))
    mkdirSync(join(root, 'actions', 'drift-check'), { recursive: true })
    const version = { version: '2.3.4' }
    writeFileSync(join(root, 'actions', 'drift-check', 'package.json'), JSON.stringify(version))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  it("names an action at the tag of its major version's", () => {
    expect(usesOf(root, 'drift-check')).toBe('fork-er/my.models/actions/drift-check@drift-check/v2')
  })

  it('takes the place of another in every uses of ours', () => {
    const text = '- uses: modelway-ml/modelway/actions/drift-check@drift-check/v1 # drift'
    expect(withOwnSlug(root, text)).toBe(
      '- uses: fork-er/my.models/actions/drift-check@drift-check/v2 # drift',
    )
  })

  it('takes the place of another in the addresses of the schema and for cloning', () => {
    const text =
      'https://raw.githubusercontent.com/a/b/main/schema/modelway.schema.json https://github.com/a/b.git'
    expect(withOwnSlug(root, text)).toBe(
      'https://raw.githubusercontent.com/fork-er/my.models/main/schema/modelway.schema.json https://github.com/fork-er/my.models.git',
    )
  })

  it("leaves others' actions, full versions and commits as they are", () => {
    const text =
      'actions/checkout@v4 a/b/actions/drift-check@drift-check/v1.2.3 a/b/actions/drift-check@0123456789abcdef'
    expect(withOwnSlug(root, text)).toBe(text)
  })
})
