import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Expectations } from '../../../src/domain/quality/check.js'
import { createWorkspace } from '../../../src/files/workspace.js'
import { checkContract, readContract } from '../../../src/quality/data-contract.js'
import { createPattern } from '../../../src/quality/pattern.js'
import { useTemporaryFolder } from '../temporary-folder.js'

const none: Expectations = { rows: {}, columns: {}, otherColumns: 'allow' }

describe('the data contract', () => {
  const folder = useTemporaryFolder()
  const at = (where = 'data.contract') => ({ workspace: createWorkspace(folder.path), where })
  const read = (text: string) => {
    folder.write('contract.yml', text)
    return readContract('contract.yml', at())
  }

  it.each([
    [
      'columns:\n  a: {typ: integer}\n',
      'MW-DATA-112: contract.yml: columns.a: unknown key "typ". Did you mean "type"?',
    ],
    ['colums: {}\n', 'the contract: unknown key "colums". Did you mean "columns"?'],
    [
      'columns:\n  __proto__: {type: integer}\n',
      'columns.__proto__: "__proto__" cannot be used as a name.',
    ],
    [
      'columns:\n  a: {matches: "("}\n',
      'MW-DATA-112: contract.yml: columns.a.matches is not a regular expression',
    ],
    ['columns:\n  a: {matches: "x)|(y"}\n', 'columns.a.matches is not a regular expression'],
    ['columns: [\n', 'MW-DATA-111: contract.yml'],
  ])('refuses %j', (text, expected) => {
    expect(() => read(text)).toThrow(expected)
  })

  it('keeps rules of columns named like parts of objects', () => {
    expect(Object.keys(read('columns:\n  constructor: {type: integer}\n')?.columns ?? {})).toEqual([
      'constructor',
    ])
  })

  it('must be inside and be there', () => {
    expect(() => readContract('../x.yml', at())).toThrow('MW-PATH-001: data.contract')
    expect(() => readContract('../x.yml', at('drift.health.contract'))).toThrow(
      'MW-PATH-001: drift.health.contract',
    )
    expect(() => readContract(join('absent.yml'), at())).toThrow('MW-DATA-111: absent.yml')
  })

  it('is not given when no file is named', () => {
    expect(readContract(undefined, at())).toBeUndefined()
  })

  it('cannot be checked without a table', () => {
    const contract = read('columns: {}')
    expect(() => checkContract(contract ?? none, [], 'drift.health.contract')).toThrow(
      'MW-DATA-109: drift.health.contract',
    )
  })
})

describe('a pattern', () => {
  const at = { name: 'a', path: 'contract.yml' }

  it('must match the whole text', () => {
    expect(createPattern('a|b', at).matchAll(['a', 'b', 'ab', 'xa', ''])).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it('is stopped when a text would keep it busy for ever', () => {
    const pattern = createPattern('(a+)+', at, 100)
    expect(() => pattern.matchAll([`${'a'.repeat(60)}!`])).toThrow(
      'MW-DATA-117: contract.yml: columns.a.matches',
    )
  })
})
