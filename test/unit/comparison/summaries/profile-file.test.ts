import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import {
  isProfile,
  readProfile,
  writeProfile,
} from '../../../../src/comparison/summaries/profile-file.js'
import type { Profile, ProfileNumbers } from '../../../../src/domain/drift/profile/profile.js'
import { useTemporaryFolder } from '../../temporary-folder.js'

const folder = useTemporaryFolder()

const NUMBERS: ProfileNumbers = {
  kind: 'numeric',
  name: 'naïve|<b>',
  type: 'number',
  rows: 4,
  missing: 1,
  infinities: 0,
  mean: 1.5,
  deviation: 0.5,
  allDiffer: false,
  rankError: 0,
  ends: [1, 2],
  counts: [1, 2],
}
const PROFILE: Profile = {
  modelwayProfile: 1,
  files: [{ name: 'a.csv', sha256: '0'.repeat(64) }],
  rows: 4,
  minCount: 10,
  columns: [NUMBERS],
  omitted: [{ name: 'note', reason: 'free text is not kept in a profile' }],
}

const read = (name: string) => readProfile({ path: join(folder.path, name), shownAs: name })

describe('a profile file', () => {
  it.each(['p.json', 'p.json.gz'])(
    'is read as it was written, and known by its content: %s',
    async (name) => {
      const path = join(folder.path, name)
      writeProfile(path, PROFILE)
      expect(await read(name)).toEqual(PROFILE)
      expect(await isProfile(path)).toBe(true)
    },
  )

  it('has the same bytes each time, with no time and no system in them', () => {
    const [a, b] = ['a.json.gz', 'b.json.gz'].map((name) => join(folder.path, name))
    writeProfile(a ?? '', PROFILE)
    writeProfile(b ?? '', PROFILE)
    const bytes = readFileSync(a ?? '')
    expect(bytes.equals(readFileSync(b ?? ''))).toBe(true)
    expect([...bytes.subarray(4, 10)]).toEqual([0, 0, 0, 0, 2, 255])
    expect(JSON.parse(gunzipSync(bytes).toString())).toEqual(PROFILE)
  })

  it('is told from data, whatever the name', async () => {
    const paths = [
      folder.write('a.json', '{"rows":[{"modelwayProfile":1}]}'),
      folder.write('a.csv', 'a,b\n1,2\n'),
      folder.write('a.gz', Buffer.from([0x1f, 0x8b, 1, 2, 3])),
      folder.write('empty', ''),
      join(folder.path, 'absent'),
      folder.path,
    ]
    for (const path of paths) expect(await isProfile(path)).toBe(false)
    const odd = folder.write('data.parquet', ` \n${JSON.stringify(PROFILE)}`)
    expect(await isProfile(odd)).toBe(true)
  })

  const cut = gzipSync(JSON.stringify(PROFILE)).subarray(0, 60)
  const wrong = (change: object) => JSON.stringify({ ...PROFILE, ...change })
  const column = (change: object) => wrong({ columns: [{ ...NUMBERS, ...change }] })
  it.each([
    ['is no JSON', 'a,b', 'MW-DRIFT-904'],
    ['is of something else', '{"a":1}', 'MW-DRIFT-904'],
    ['is null', 'null', 'MW-DRIFT-904'],
    ['is of a later version', wrong({ modelwayProfile: 2 }), 'version 2'],
    ['has a version that is none', wrong({ modelwayProfile: '::x' }), 'MW-DRIFT-905'],
    ['ends too early', JSON.stringify(PROFILE).slice(0, 80), 'MW-DRIFT-906'],
    ['is packed and ends too early', cut, 'MW-DRIFT-906'],
    ['lacks counts', column({ counts: [1] }), 'MW-DRIFT-906'],
    ['has counts that are not those of the rows', column({ counts: [1, 9] }), 'MW-DRIFT-906'],
    ['has a count under 0', column({ counts: [-1, 4] }), 'MW-DRIFT-906'],
    ['has ends that do not ascend', column({ ends: [2, 1] }), 'MW-DRIFT-906'],
    ['has more rows than its columns', wrong({ rows: 5 }), 'MW-DRIFT-906'],
    ['has a column twice', wrong({ columns: [NUMBERS, NUMBERS] }), 'MW-DRIFT-906'],
  ])('is refused where it %s', async (_, content, said) => {
    folder.write('p', content)
    await expect(read('p')).rejects.toThrow(said)
  })

  it('is refused where it is not there, is a folder, or unpacks to more than any profile', async () => {
    await expect(read('absent')).rejects.toThrow('MW-DRIFT-903')
    await expect(readProfile({ path: folder.path, shownAs: 'x' })).rejects.toThrow('MW-DRIFT-903')
    const piece = gzipSync(Buffer.alloc(64_000_000, 32), { level: 1 })
    folder.write('bomb.gz', Buffer.concat(Array.from({ length: 9 }, () => piece)))
    await expect(read('bomb.gz')).rejects.toThrow('MW-DRIFT-907')
  })
})
