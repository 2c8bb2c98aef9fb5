import { describe, expect, it } from '@jest/globals'
import { schemaDifferences } from '../../../../src/domain/probe/schema-difference.js'

const tensor = (name: string, datatype = 'FP32', shape: readonly number[] = [-1, 3]) => ({
  name,
  datatype,
  shape,
})
const schema = (inputs: ReturnType<typeof tensor>[], outputs = [tensor('score')]) => ({
  inputs,
  outputs,
})

describe('two schemas', () => {
  it('are equal in any order, and by any length for -1', () => {
    const one = schema([tensor('a'), tensor('b', 'BYTES', [-1])])
    const other = schema([tensor('b', 'BYTES', [1]), tensor('a', 'FP32', [8, 3])])
    expect(schemaDifferences(one, other)).toEqual([])
    expect(schemaDifferences(other, one)).toEqual([])
  })

  it('differ by names, datatypes and shapes, each said', () => {
    const expected = schema([tensor('a'), tensor('b'), tensor('c')])
    const found = schema([tensor('a', 'FP64'), tensor('b', 'FP32', [-1, 4]), tensor('d')], [])
    expect(schemaDifferences(expected, found)).toEqual([
      'input "a" is "FP64", not "FP32"',
      'input "b" has the shape [-1,4], not [-1,3]',
      'input "c" is missing',
      'input "d" is not expected',
      'output "score" is missing',
    ])
  })

  it('differ where the number of dimensions does', () => {
    const found = schema([tensor('a', 'FP32', [-1])])
    expect(schemaDifferences(schema([tensor('a', 'FP32', [-1, 1])]), found)).toHaveLength(1)
  })

  it('are not compared where nothing is expected', () => {
    expect(schemaDifferences({ inputs: [], outputs: [] }, schema([tensor('a')]))).toEqual([])
  })

  it('are said with names of any kind on one line', () => {
    const [text] = schemaDifferences(schema([tensor('a\n::set-output <b>')]), schema([]))
    expect(text).toBe('input "a\\n::set-output <b>" is missing')
  })
})
