import {
  appendFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createAccessLog } from '../../../../../src/adapters/traffic/nginx/access-log.js'
import { createNginxSignals } from '../../../../../src/adapters/traffic/nginx/signals.js'

const STRETCH = { from: 0, to: 1, stable: 'a', canary: 'b' }
const BOUNDS = [10, 100]

describe('the access log of nginx', () => {
  let folder: string
  const path = () => join(folder, 'access.log')
  const line = (version: string, status: number, seconds: string) =>
    `1795493206.198 ${version} ${status} ${seconds}\n`
  const log = (...lines: string[]) => appendFileSync(path(), lines.join(''))

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modelway-log-'))
    writeFileSync(path(), 'what was before, in another format\n')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is counted from the first look on', async () => {
    const access = createAccessLog(path(), BOUNDS)
    await access.look(['a', 'b'])
    log(line('a', 200, '0.010'), line('a', 500, '0.011'), line('a', 504, '60.000'))
    log(line('a', 404, '0.000'), line('a', 499, '0.000'), line('c', 200, '0.000'))
    expect(await access.look(['a', 'b'])).toEqual(
      new Map([
        [
          'a',
          { requests: 5, errors: 2, rejected: 1, unanswered: 1, bounds: BOUNDS, upTo: [3, 4, 5] },
        ],
        [
          'b',
          { requests: 0, errors: 0, rejected: 0, unanswered: 0, bounds: BOUNDS, upTo: [0, 0, 0] },
        ],
      ]),
    )
  })

  it('may end in the middle of a line', async () => {
    const access = createAccessLog(path(), BOUNDS)
    await access.look(['a'])
    const whole = line('a', 200, '0.001')
    for (let end = 0; end < whole.length; end++) {
      log(whole.slice(end, end + 1))
      const wanted = end === whole.length - 1 ? 1 : 0
      expect((await access.look(['a']))?.get('a')?.requests).toBe(wanted)
    }
  })

  it('tells nothing of a stretch in which lines may be lost', async () => {
    const access = createAccessLog(path(), BOUNDS)
    const requests = async () => (await access.look(['a']))?.get('a')?.requests
    expect(await requests()).toBe(0)
    truncateSync(path())
    expect(await requests()).toBeUndefined()
    log(line('a', 200, '0.001'))
    expect(await requests()).toBe(1)
    renameSync(path(), `${path()}.1`)
    writeFileSync(path(), line('a', 200, '0.001').repeat(9))
    expect(await requests()).toBeUndefined()
    log(line('a', 200, '0.001'))
    expect(await requests()).toBe(2)
  })

  it.each(['', '1795493206.198 a 200', '127.0.0.1 - - "GET /"', 'x 1795493206.198 a 200 0.001'])(
    'is refused for a line such as %j',
    async (text) => {
      const access = createAccessLog(path(), BOUNDS)
      await access.look(['a'])
      log(`${text}\n`)
      await expect(access.look(['a'])).rejects.toThrow(/MW-DEPLOY-186/)
    },
  )

  it('is said to be missing', async () => {
    const signals = createNginxSignals({ accessLog: join(folder, 'none'), bounds: BOUNDS })
    await signals.mark?.(STRETCH)
    await expect(signals.between(STRETCH)).rejects.toThrow(/MW-DEPLOY-185: .*no such file/)
  })
})
