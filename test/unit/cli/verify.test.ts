import { PassThrough } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { runVerify } from '../../../src/cli/verify.js'
import { writeSmallRecord } from '../statements/small-record.js'
import { useTemporaryFolder } from '../temporary-folder.js'

describe('modelway verify', () => {
  const folder = useTemporaryFolder()
  const verify = async (statements: string, json = false) => {
    const streams = {
      stdin: new PassThrough(),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
    }
    const distribution = new URL('file:///dist/')
    const code = await runVerify(
      { statements, json },
      { ...streams, cwd: folder.path, env: {}, version: '0', distribution },
    )
    const read = (stream: PassThrough): string => String(stream.read() ?? '')
    return { code, out: read(streams.stdout), error: read(streams.stderr) }
  }

  it('gives 0 for a record that holds, 1 for one that does not, 2 for no folder', async () => {
    writeSmallRecord(folder)
    expect((await verify('.modelway')).code).toBe(0)
    expect(JSON.parse((await verify('.modelway', true)).out)).toMatchObject({
      holds: true,
      broken: null,
    })
    folder.write('model.json', '{"swapped":true}')
    const broken = await verify('.modelway')
    expect([broken.code, broken.error]).toEqual([
      1,
      expect.stringContaining('MW-RECORD-008: model.json'),
    ])
    const { out } = await verify('.modelway', true)
    expect(JSON.parse(out)).toMatchObject({ holds: false, broken: { code: 'MW-RECORD-008' } })
    const absent = await verify('absent/.modelway')
    expect([absent.code, absent.error]).toEqual([2, expect.stringContaining('MW-PATH-005')])
  })
})
