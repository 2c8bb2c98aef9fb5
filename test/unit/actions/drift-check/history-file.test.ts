import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  addToHistoryFile,
  readHistoryFile,
} from '../../../../src/actions/drift-check/history-file.js'
import { DriftSection } from '../../../../src/config/drift.js'
import { entryOf } from '../../../../src/domain/drift/history/entry.js'
import { createWorkspace } from '../../../../src/files/workspace.js'
import { bodyOf, day, window } from '../../domain/drift/history/bodies.js'
import { createFakeHost } from '../../runtime/fake-host.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-history-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const context = (history: string | undefined = 'drift/h.jsonl', dryRun = false) => ({
  settings: DriftSection.parse({
    reference: 'a.csv',
    current: 'b.csv',
    ...(history ? { history } : {}),
  }),
  workspace: createWorkspace(folder),
  log: createFakeHost().log,
  dryRun,
})
const entry = (index: number) =>
  entryOf(window(index, bodyOf({ x: 'drifted' })), { at: day(index + 1), state: 'judged' })
const file = () => join(folder, 'drift', 'h.jsonl')

describe('the history file', () => {
  it('begins by itself, grows, and takes the same window once', () => {
    expect(readHistoryFile(context())).toEqual([])
    expect(addToHistoryFile(context(), [entry(0)])).toEqual([entry(0)])
    addToHistoryFile(context(), [entry(1)])
    const before = readFileSync(file(), 'utf8')
    expect(addToHistoryFile(context(), [entry(1)])).toEqual([entry(0), entry(1)])
    expect(readFileSync(file(), 'utf8')).toBe(before)
    expect(readHistoryFile(context())).toEqual([entry(0), entry(1)])
    expect(readdirSync(join(folder, 'drift'))).toEqual(['h.jsonl'])
  })

  it('is not written by a dry run, which still says what would be in it', () => {
    expect(addToHistoryFile(context('drift/h.jsonl', true), [entry(0)])).toEqual([entry(0)])
    expect(existsSync(file())).toBe(false)
  })

  it('is nothing where none is configured', () => {
    expect(readHistoryFile(context(''))).toEqual([])
    expect(addToHistoryFile(context(''), [entry(0)])).toEqual([entry(0)])
    expect(readdirSync(folder)).toEqual([])
  })

  it('mends a last line that was cut off, and refuses any other broken one', () => {
    addToHistoryFile(context(), [entry(0), entry(1)])
    const whole = readFileSync(file(), 'utf8')
    writeFileSync(file(), whole.slice(0, -9))
    expect(addToHistoryFile(context(), [entry(1)])).toHaveLength(2)
    expect(readFileSync(file(), 'utf8')).toBe(whole)
    writeFileSync(file(), `=======\n${whole}`)
    expect(() => readHistoryFile(context())).toThrow(
      /^MW-DRIFT-801: drift\/h\.jsonl, line 1: it is not JSON/,
    )
    expect(() => addToHistoryFile(context(), [entry(2)])).toThrow(/MW-DRIFT-801/)
    expect(readFileSync(file(), 'utf8')).toBe(`=======\n${whole}`)
  })

  it('must be a file inside of the working directory', () => {
    expect(() => readHistoryFile(context('.'))).toThrow(/MW-DRIFT-804/)
    expect(() => readHistoryFile(context('../h.jsonl'))).toThrow(/MW-PATH-001/)
    writeFileSync(join(folder, 'file'), '')
    expect(() => addToHistoryFile(context('file/h.jsonl'), [entry(0)])).toThrow(/MW-DRIFT-804/)
  })
})
