import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { readExamples } from '../../../../../src/actions/deploy-canary/probe/examples.js'
import { ProbeSection } from '../../../../../src/config/deploy/probe.js'

const folder = mkdtempSync(join(tmpdir(), 'modelway-examples-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(name: string, content: string, golden: object = {}) {
  const path = join(folder, name)
  writeFileSync(path, content)
  const section = ProbeSection.parse({ model: 'm', golden: { file: name, ...golden } })
  if (section.golden === undefined) throw new Error('there is golden')
  return readExamples(section.golden, path)
}

describe('examples of a file', () => {
  it('are its rows, without what is expected, and what is expected', async () => {
    const expected = [{ column: 'label' }]
    expect(
      await read('a.csv', 'x,name,ok,label\n1,a,true,yes\n,b,false,no\n', { expected }),
    ).toMatchObject({
      source: { file: 'a.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/), rows: 2 },
      columns: ['x', 'name', 'ok'],
      rows: [
        [1, 'a', true],
        [null, 'b', false],
      ],
      expected: [['yes'], ['no']],
    })
  })

  it('are as many as are asked for, of the columns that are named, in their order', async () => {
    const lines = '{"b":2,"a":1,"c":0}\n{"b":4,"a":3,"c":0}\n'
    const examples = await read('b.jsonl', lines, { inputs: ['a', 'b'], rows: 1 })
    expect(examples).toMatchObject({ columns: ['a', 'b'], rows: [[1, 2]], expected: [[]] })
  })

  it('are refused without the columns that are named, or without rows', async () => {
    const expected = [{ column: 'y' }]
    await expect(read('c.csv', 'x\n1\n', { expected })).rejects.toThrow(
      /MW-DEPLOY-349: c\.csv: column "y" not found\. Found: x/,
    )
    await expect(read('d.csv', 'x\n')).rejects.toThrow('MW-DEPLOY-350')
    await expect(read('e.csv', 'y\n1\n', { expected })).rejects.toThrow('MW-DEPLOY-350')
  })
})
