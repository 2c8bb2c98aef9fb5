// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are source text.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  documentErrors,
  errorsOfArea,
  errorsPage,
  findErrorSites,
} from '../../../../tools/generate/errors.js'

describe('error codes read from source', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'modelway-errors-'))
    mkdirSync(join(root, 'src'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  function source(text: string) {
    writeFileSync(join(root, 'src', 'one.ts'), text)
    return findErrorSites(root).map(({ code, what, fix }) => ({ code, what, fix }))
  }

  it('have the words beside them, with … for what differs', () => {
    const text = "const p = { code: 'MW-GATE-001', what: `no \"${name}\".`, fix: 'Name one.' }"
    expect(source(text)).toEqual([{ code: 'MW-GATE-001', what: ['no "…".'], fix: ['Name one.'] }])
  })

  it('have the words of both branches, and of constants that are named', () => {
    const text = `function f(many: boolean) {
      const what = many ? 'many.' : 'few.'
      const add = 'Add.'
      return { code: many ? 'MW-GATE-001' : 'MW-GATE-002', what, fix: add }
    }`
    expect(source(text)).toEqual([
      { code: 'MW-GATE-001', what: ['many.', 'few.'], fix: ['Add.'] },
      { code: 'MW-GATE-002', what: ['many.', 'few.'], fix: ['Add.'] },
    ])
  })

  it('are found in arguments and at the head of a template, and not in comments', () => {
    const text =
      "make('MW-HOST-001', why) // MW-HOST-009\n/** MW-HOST-008 */ log(`MW-BUG-001: ${stack}`)"
    expect(source(text).map(({ code }) => code)).toEqual(['MW-HOST-001', 'MW-BUG-001'])
  })

  it('without any words are an error of the generator', () => {
    writeFileSync(join(root, 'src', 'one.ts'), "raise({ code: 'MW-GATE-999', what })")
    expect(() => documentErrors(root)).toThrow('MW-GATE-999 has no text')
  })

  it('become a table an area, with brackets that are no HTML', () => {
    const docs = [
      { code: 'MW-GATE-001', what: 'No <b> | here.', fix: 'Write file:<path>.' },
      { code: 'MW-DRIFT-001', what: 'Gone.', fix: 'Bring it back.' },
    ]
    expect(errorsOfArea(docs, 'GATE').split('\n').slice(2)).toEqual([
      '| `MW-GATE-001` | No &lt;b&gt; \\| here. | Write file:&lt;path&gt;. |',
    ])
    expect(errorsPage(docs).match(/^## .+$/gm)).toEqual(['## The gate', '## Drift'])
  })

  it('of an area without a title are an error of the generator', () => {
    expect(() => errorsPage([{ code: 'MW-MOON-001', what: 'x', fix: 'y' }])).toThrow('MW-MOON-001')
  })
})
