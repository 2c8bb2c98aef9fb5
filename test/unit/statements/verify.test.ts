import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createWorkspace } from '../../../src/files/workspace.js'
import { linkTo } from '../../../src/statements/record.js'
import { verifyRecord } from '../../../src/statements/verify.js'
import { useTemporaryFolder } from '../temporary-folder.js'
import { subjectOf, writeSmallRecord, writeStatement } from './small-record.js'

describe('verifyRecord', () => {
  const folder = useTemporaryFolder()
  const verify = () => verifyRecord(join(folder.path, '.modelway'), createWorkspace(folder.path))
  const brokenBy = async (): Promise<string> => (await verify()).broken?.message ?? 'it holds'

  it('holds for a record as it was written, and says what it compared', async () => {
    writeSmallRecord(folder)
    const { checked, broken } = await verify()
    expect(broken).toBeUndefined()
    const whats = checked.map(({ kind, what }) => `${kind} ${what.replace(/sha256:.*/, '')}`)
    expect(whats).toEqual([
      'dataset dataset.json',
      'dataset data.csv',
      'training training.json',
      'training built on dataset ',
      'training model.json',
      'verdict verdict.json',
      'verdict built on training ',
      'verdict model.json',
      'verdict predictions.csv',
      'drift drift.json',
      'drift built on dataset ',
      'drift data.csv',
      'drift old.csv',
    ])
  })

  it.each(['dataset.json', 'training.json', 'verdict.json', 'drift.json', 'SHA256SUMS'])(
    'refuses a change of any one byte of %s, its loss, and a byte more',
    async (name) => {
      writeSmallRecord(folder)
      const whole = readFileSync(join(folder.path, '.modelway', name))
      const held: number[] = []
      for (let position = 0; position < whole.length; position++) {
        // Case, a neighbour, and the highest bit: letters that read alike, digits, and broken UTF-8.
        for (const flip of [0x20, 0x01, 0x80]) {
          const changed = Buffer.from(whole)
          changed[position] = (changed[position] ?? 0) ^ flip
          folder.write(`.modelway/${name}`, changed)
          if ((await verify()).broken === undefined) held.push(position)
        }
      }
      expect(held).toEqual([])
      folder.write(`.modelway/${name}`, whole.subarray(0, -1))
      expect(await brokenBy()).toMatch(/^MW-RECORD-/)
      folder.write(`.modelway/${name}`, Buffer.concat([whole, Buffer.from('\n')]))
      expect(await brokenBy()).toMatch(/^MW-RECORD-/)
      rmSync(join(folder.path, '.modelway', name))
      expect(await brokenBy()).toMatch(/^MW-RECORD-00[35]/)
      folder.write(`.modelway/${name}`, whole)
      expect(await brokenBy()).toBe('it holds')
    },
  )

  it.each([
    ['data.csv', 'dataset.json'],
    ['model.json', 'training.json'],
    ['predictions.csv', 'verdict.json'],
    ['old.csv', 'drift.json'],
  ])('refuses when a byte of %s changed, or the file is gone', async (name, statement) => {
    writeSmallRecord(folder)
    folder.write(name, readFileSync(join(folder.path, name), 'utf8').replace(/.$/m, '~'))
    expect(await brokenBy()).toMatch(
      new RegExp(`^MW-RECORD-008: ${name}: is sha256:.*, but ${statement} is about`),
    )
    rmSync(join(folder.path, name))
    expect(await brokenBy()).toContain(`MW-RECORD-008: ${name}: is absent`)
  })

  it('names the statement that is built on another version, on one that is absent, or on another model', async () => {
    writeSmallRecord(folder)
    writeStatement(folder, { kind: 'dataset', subject: [subjectOf(folder, 'old.csv')] })
    expect(await brokenBy()).toContain('MW-RECORD-002: training.json')
    const { training } = writeSmallRecord(folder)
    writeStatement(folder, {
      kind: 'verdict',
      subject: [subjectOf(folder, 'old.csv')],
      inputs: training === undefined ? [] : [linkTo(training)],
    })
    expect(await brokenBy()).toContain('MW-RECORD-007: verdict.json')
  })

  it('refuses a link to a later statement', async () => {
    const { verdict } = writeSmallRecord(folder)
    writeStatement(folder, {
      kind: 'dataset',
      subject: [subjectOf(folder, 'data.csv')],
      inputs: verdict === undefined ? [] : [linkTo(verdict)],
    })
    expect(await brokenBy()).toContain('MW-RECORD-006: dataset.json')
  })

  it('refuses a statement about a file outside', async () => {
    folder.write('data.csv', 'a\n')
    const [subject] = [subjectOf(folder, 'data.csv')]
    writeStatement(folder, { kind: 'dataset', subject: [{ ...subject, name: '../data.csv' }] })
    expect(await brokenBy()).toContain('MW-PATH-001: dataset.json')
  })

  it('says that there is no record', async () => {
    expect(await brokenBy()).toContain('MW-RECORD-003')
  })
})
