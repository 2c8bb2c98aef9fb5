import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { commonInputs } from '../../../../src/runtime/contract.js'
import { loadContracts } from '../../../../tools/generate/contracts.js'
import { documentKeys } from '../../../../tools/generate/settings-doc.js'

const contracts = await loadContracts(fileURLToPath(new URL('../../../../', import.meta.url)))

describe('the six contracts', () => {
  it('are in the order of the pipeline', () => {
    expect(contracts.map(({ name }) => name)).toEqual([
      'setup-data',
      'train-on-runner',
      'evaluate-gate',
      'register-model',
      'deploy-canary',
      'drift-check',
    ])
  })

  it.each(contracts)(
    '$name: each input is a key of its section, and has no default of its own',
    (contract) => {
      const keys = documentKeys(contract.settings).map(({ key }) => key)
      const inputs: Readonly<Record<string, { readonly default?: string }>> = contract.inputs
      expect(keys).toEqual(expect.arrayContaining(Object.keys(inputs)))
      expect(Object.values(inputs).filter((spec) => spec.default !== undefined)).toEqual([])
    },
  )

  it.each(contracts)(
    '$name: no key of its section is called as an input of all actions',
    (contract) => {
      const keys = documentKeys(contract.settings).map(({ key }) => key)
      expect(keys.filter((key) => key in commonInputs)).toEqual([])
    },
  )

  it.each(contracts)('$name: every key of its section is described', (contract) => {
    expect(documentKeys(contract.settings).filter(({ description }) => description === '')).toEqual(
      [],
    )
  })
})
