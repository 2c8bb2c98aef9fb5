import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createWorkspace } from '../../../src/files/workspace.js'
import type { Host } from '../../../src/ports/host.js'
import type { ActionContract } from '../../../src/runtime/contract.js'
import { keepForLater } from '../../../src/runtime/keep.js'
import { openRecord } from '../../../src/statements/record.js'
import { useTemporaryFolder } from '../temporary-folder.js'
import { createFakeHost } from './fake-host.js'

describe('what is kept for later runs', () => {
  const folder = useTemporaryFolder()

  async function keep(artifacts: Host['artifacts']): Promise<readonly string[]> {
    const host = createFakeHost()
    const kept = { name: 'modelway-baseline-p', files: [join(folder.path, 'p.csv')] }
    const outcome = { subject: [], keep: kept, predicate: {}, inputs: [] }
    await keepForLater(
      { ...outcome, outputs: {}, reason: '', markdown: '' },
      {
        host: { ...host, artifacts },
        record: openRecord(join(folder.path, 'statements')),
        workspace: createWorkspace(folder.path),
        contract: { statement: 'verdict' } as ActionContract,
      },
    )
    return host.lines
  }

  it('is uploaded with the statement, by paths from the working directory', async () => {
    const uploads: unknown[] = []
    const lines = await keep({
      upload: async (...upload) => {
        uploads.push(upload)
        return { url: undefined }
      },
    })
    const files = ['p.csv', 'statements/verdict.json'].map((name) => join(folder.path, name))
    expect(uploads).toEqual([['modelway-baseline-p', files, folder.path]])
    expect(lines).toEqual([])
  })

  it('fails no job where it cannot be: a name that is taken, or no service', async () => {
    const taken = await keep({ upload: () => Promise.reject(new Error('MW-HOST-007: taken')) })
    expect(taken).toEqual([
      'warn: What later runs compare with could not be written: MW-HOST-007: taken',
    ])
    expect((await keep(undefined)).join()).toMatch(/^warn: Nothing was kept/)
  })
})
