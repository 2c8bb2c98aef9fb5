import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { documentErrors } from '../../../tools/generate/errors.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')

/** Codes in string and template literals, wherever they stand; comments are left out. */
function codesInSource(): readonly string[] {
  const codes = new Set<string>()
  for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue
    const text = readFileSync(join(root, 'src', file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    for (const [, code = ''] of text.matchAll(/['"`](MW-[A-Z]+-\d{3})\b/g)) codes.add(code)
  }
  return [...codes].sort()
}

describe('docs/errors.md', () => {
  it('has every code that the source raises, and no other', () => {
    const rows = [...page.matchAll(/^\| `(MW-[A-Z]+-\d{3})` \|/gm)].map(([, code]) => code)
    const inSource = codesInSource()
    expect(inSource.length).toBeGreaterThan(100)
    expect([...rows].sort()).toEqual(inSource)
  })

  it('says what each means and how to mend it', () => {
    const silent = documentErrors(root).filter(({ what, fix }) => what === '' || fix === '')
    expect(silent).toEqual([])
  })
})
