import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { type ActionContract, commonInputs, commonOutputs } from '../../../src/runtime/contract.js'
import { actionFile, mainOf, pipeline } from './bundle.js'

describe.each(pipeline)('action.yml of %s', (action) => {
  let contract: ActionContract
  const { inputs, outputs, runs } = actionFile(action)
  beforeAll(async () => {
    const url = new URL(`../../../src/actions/${action}/contract.ts`, import.meta.url)
    contract = (await import(fileURLToPath(url))).contract
  })

  it('declares the inputs and outputs of the contract, and no others', () => {
    const names = (...parts: readonly object[]) => Object.keys(Object.assign({}, ...parts)).sort()
    expect(Object.keys(inputs).sort()).toEqual(names(contract.inputs, commonInputs))
    expect(Object.keys(outputs).sort()).toEqual(names(contract.outputs, commonOutputs))
  })

  it('has no input that is neither a key of its section of modelway.yml nor common to all', () => {
    const schema = z.toJSONSchema(contract.settings, { io: 'input', unrepresentable: 'any' })
    const known = [...Object.keys(schema.properties ?? {}), ...Object.keys(commonInputs)]
    expect(known).toEqual(expect.arrayContaining(Object.keys(inputs)))
  })

  it('has names in kebab-case, and no default that would hide what modelway.yml says', () => {
    for (const [name, { default: value }] of Object.entries(inputs)) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
      if (!(name in commonInputs)) expect(value).toBeUndefined()
    }
  })

  it('runs a committed bundle on Node 24', () => {
    expect(runs.using).toBe('node24')
    expect(existsSync(mainOf(action))).toBe(true)
    expect(mainOf(action)).toMatch(new RegExp(`/dist/${action}/index\\.js$`))
    if (contract.post !== true) expect(runs).not.toHaveProperty('post')
  })
})
