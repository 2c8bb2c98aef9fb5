import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { canonicalJson, sha256 } from '../../../src/statements/canonical.js'
import { linkTo, openRecord } from '../../../src/statements/record.js'
import { createStatement, predicateType } from '../../../src/statements/statement.js'
import { useTemporaryFolder } from '../temporary-folder.js'
import { subjectOf, writeSmallRecord, writeStatement } from './small-record.js'

describe('a record', () => {
  const folder = useTemporaryFolder()
  const open = () => openRecord(join(folder.path, '.modelway'))

  it('reads what it wrote, and its digest is that of the file', () => {
    const written = writeSmallRecord(folder)
    for (const kind of ['dataset', 'training', 'verdict', 'drift'] as const) {
      const bytes = readFileSync(join(folder.path, '.modelway', `${kind}.json`))
      expect(open().read(kind)).toEqual(written[kind])
      expect(written[kind]?.digest).toBe(
        `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      )
      expect(bytes.toString()).toBe(canonicalJson(JSON.parse(bytes.toString())))
    }
    expect(open().read('model')).toBeUndefined()
  })

  it('lists its digests so that sha256sum checks them', () => {
    writeSmallRecord(folder)
    const cwd = join(folder.path, '.modelway')
    const output = execFileSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd }).toString()
    expect(output).toBe('dataset.json: OK\ntraining.json: OK\nverdict.json: OK\ndrift.json: OK\n')
  })

  it('makes nothing before it is written to, and is a folder', () => {
    expect(open().read('dataset')).toBeUndefined()
    expect(folder.list()).toEqual([])
    folder.write('.modelway', 'a file')
    expect(open).toThrow('MW-RECORD-009: input statements')
  })

  it('refuses a statement that SHA256SUMS does not list as it is', () => {
    writeSmallRecord(folder)
    const path = join(folder.path, '.modelway/dataset.json')
    const other = createStatement({
      kind: 'dataset',
      subject: [subjectOf(folder, 'old.csv')],
      predicate: {},
      inputs: [],
    })
    folder.write('.modelway/dataset.json', canonicalJson(other))
    expect(() => open().read('dataset')).toThrow(`MW-RECORD-001: ${path}`)
    expect(() => open().read('training')).toThrow('MW-RECORD-001')
    rmSync(join(folder.path, '.modelway/SHA256SUMS'))
    expect(() => open().read('dataset')).toThrow('MW-RECORD-001')
  })

  it('refuses a statement that was built on another version of its input', () => {
    writeSmallRecord(folder)
    writeStatement(folder, { kind: 'dataset', subject: [subjectOf(folder, 'old.csv')] })
    expect(open().read('dataset')).toBeDefined()
    expect(() => open().read('training')).toThrow('MW-RECORD-002: training.json: was built on')
    expect(() => open().read('verdict')).toThrow('MW-RECORD-002: training.json')
  })

  it('ends on statements whose links go in circles or are many', () => {
    folder.write('data.csv', 'a\n')
    const subject = [subjectOf(folder, 'data.csv')]
    const link = (kind: 'dataset' | 'training' | 'verdict' | 'model' | 'rollout') => ({
      predicateType: predicateType(kind),
      digest: sha256(kind),
    })
    writeStatement(folder, {
      kind: 'dataset',
      subject,
      inputs: [link('training'), link('dataset')],
    })
    expect(open().read('dataset')?.statement.subject).toEqual(subject)
    let before = linkTo(writeStatement(folder, { kind: 'dataset', subject }))
    for (const kind of ['training', 'verdict', 'model', 'rollout', 'drift'] as const) {
      const inputs = Array.from({ length: 200 }, () => before)
      before = linkTo(writeStatement(folder, { kind, subject, inputs }))
    }
    expect(open().read('drift')).toBeDefined()
  })

  it.each([
    ['not JSON', 'x'],
    ['another shape', '{}'],
    ['nested beyond reason', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['half a surrogate', '{"a":"\\ud800"}'],
    ['no bytes', ''],
  ])('refuses a file that is %s, as changed', (_, content) => {
    writeSmallRecord(folder)
    folder.write('.modelway/dataset.json', content)
    expect(() => open().read('dataset')).toThrow(/^MW-RECORD-001: .*it is not a statement/)
  })

  it('refuses another spelling of the same JSON, and the statement of another kind', () => {
    writeSmallRecord(folder)
    const text = readFileSync(join(folder.path, '.modelway/dataset.json'), 'utf8')
    folder.write('.modelway/dataset.json', `${text}\n`)
    expect(() => open().read('dataset')).toThrow('canonical form')
    folder.write('.modelway/dataset.json', `{"_type":0,${text.slice(1)}`)
    expect(() => open().read('dataset')).toThrow('MW-RECORD-001')
    folder.write(
      '.modelway/dataset.json',
      readFileSync(join(folder.path, '.modelway/training.json')),
    )
    expect(() => open().read('dataset')).toThrow('its predicate is')
  })

  it('keeps names that no other statement could: prototypes, half surrogates, long ones', () => {
    folder.write('data.csv', 'a\n')
    const predicate = {
      metrics: JSON.parse(`{"__proto__":1,"constructor":2,"${'m'.repeat(100_000)}":3}`),
      text: 'a\ud800b',
    }
    writeStatement(folder, {
      kind: 'training',
      subject: [subjectOf(folder, 'data.csv')],
      predicate,
    })
    const read = open().read('training')?.statement.predicate as Record<string, unknown>
    expect(Object.keys(read['metrics'] as object)).toContain('__proto__')
    expect(read['text']).toBe('a\ufffdb')
  })

  it('writes both files or none', () => {
    folder.write('data.csv', 'a\n')
    folder.write('.modelway/SHA256SUMS/in-the-way', '')
    expect(() =>
      writeStatement(folder, { kind: 'dataset', subject: [subjectOf(folder, 'data.csv')] }),
    ).toThrow()
    expect(folder.list()).toEqual(['.modelway/SHA256SUMS/in-the-way', 'data.csv'])
  })
})
