import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { directivesIn } from '../../../../../src/adapters/traffic/nginx/directives.js'
import { openNginx } from '../../../../../src/adapters/traffic/nginx/open.js'
import { sharesOf, statusOf, textOf } from '../../../../../src/adapters/traffic/nginx/shares.js'
import { NginxTarget } from '../../../../../src/config/deploy/nginx.js'

const WORDING = { prefix: 'modelway', key: '$request_id' }
const ROLES = { stable: { version: 'a' }, canary: { version: 'b' } }

describe('the file that nginx includes', () => {
  it('divides users and copies by different numbers', () => {
    expect(textOf({ stable: 'a', canary: 'b', weight: 12.5, mirror: 100 }, WORDING)).toBe(
      `# Written by Modelway, which replaces it whole.
split_clients "$request_id" $modelway_version {
    12.5% b;
    * a;
}
split_clients "copies$request_id" $modelway_copies {
    * b;
}
map "" $modelway_split {
    default "stable=a canary=b weight=12.5 copies=100";
}
`,
    )
  })

  it('says what it was written for, whatever the shares', () => {
    const percent = fc.integer({ min: 0, max: 10_000 }).map((parts) => parts / 100)
    fc.assert(
      fc.property(percent, percent, (weight, mirror) => {
        const shares = { stable: 'model-1', canary: 'm.2_x', weight, mirror }
        expect(sharesOf(statusOf(shares))).toEqual(shares)
        const [split, , status] = directivesIn(textOf(shares, WORDING))
        expect(status?.block?.[0]?.args).toEqual([statusOf(shares)])
        const given = split?.block?.find(({ args }) => args[0] === 'm.2_x')?.name ?? '0'
        expect(given === '*' ? 100 : Number.parseFloat(given)).toBe(weight)
      }),
    )
  })

  it.each([-1, 100.01, 0.001, Number.NaN, 1e-7])('is not written for %s percent', (weight) => {
    const attempt = () => textOf({ stable: 'a', canary: 'b', weight, mirror: 0 }, WORDING)
    expect(attempt).toThrow(/MW-DEPLOY-194/)
  })
})

describe('nginx', () => {
  let folder: string
  let server: Server
  let status: string
  const file = () => join(folder, 'split.conf')

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'modelway-nginx-'))
    status = 'stable=a canary= weight=0 copies=0'
    writeFileSync(file(), 'old')
    server = createServer((_incoming, outgoing) => {
      outgoing.end(status)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
  })

  /** A program that prints a configuration, and ends with a status for each of its two tasks. */
  const program = (ends: { test?: number; reload?: number } = {}): string => {
    const path = join(folder, 'program')
    const text = `#!/bin/sh
case "$*" in *reload) echo 'nginx: [error] no pid' >&2; exit ${ends.reload ?? 0};; esac
[ ${ends.test ?? 0} = 0 ] || { echo 'nginx: [warn] w' >&2; echo 'nginx: [emerg] bad "x"' >&2; exit ${ends.test ?? 0}; }
printf '%s\\n' '# configuration file /n.conf:' 'http { keepalive_min_timeout 8s; upstream a { } upstream b { } include ${file()}; server { } }' '# configuration file ${file()}:' ''
`
    writeFileSync(path, text)
    chmodSync(path, 0o755)
    return path
  }
  let clock = 0
  const open = (words: readonly string[]) => {
    const { port } = server.address() as AddressInfo
    const settings = {
      program: words,
      configuration: '/n.conf',
      file: file(),
      status: `http://127.0.0.1:${port}/split`,
      timeout: '200ms',
    }
    const sleep = async (ms: number) => {
      clock += ms
    }
    const tools = { env: { PATH: process.env['PATH'] }, now: () => clock, sleep }
    return openNginx(NginxTarget.parse(settings), tools)
  }
  const share = async (words: readonly string[]) => {
    const { splitter } = await open(words)
    const { revision } = await splitter.read(ROLES)
    return splitter.share(ROLES, { weight: 10, mirror: 0 }, { revision })
  }

  it('that does not follow is not believed', async () => {
    await expect(share([program()])).rejects.toThrow(/MW-DEPLOY-187: .*after 200 ms/)
  })

  it.each([
    [
      'does not pass its test',
      { test: 1 },
      /MW-DEPLOY-195: .*ended with 1\. nginx: \[emerg\] bad "x"/,
    ],
    ['is not reloaded', { reload: 1 }, /MW-DEPLOY-195: .*-s reload.*no pid/],
  ])('that %s gets its file back', async (_what, ends, why) => {
    await expect(share([program(ends)])).rejects.toThrow(why)
    expect(readFileSync(file(), 'utf8')).toBe('old')
  })

  it('that is not reloaded keeps the file of a rollback for its next reload', async () => {
    const { splitter } = await open([program({ reload: 1 })])
    await expect(splitter.rollback(ROLES)).rejects.toThrow(/MW-DEPLOY-195/)
    expect(readFileSync(file(), 'utf8')).toContain('stable=a canary= weight=0')
  })

  it('that is not there is said to', async () => {
    const missing = share([join(folder, 'none')])
    await expect(missing).rejects.toThrow(/MW-DEPLOY-195: .*there is no such program/)
  })

  it('gives the canary what it has, whatever its role was', async () => {
    const { splitter } = await open([program()])
    status = 'stable=b canary=a weight=25 copies=5'
    expect(await splitter.read(ROLES)).toMatchObject({ weight: 75, mirror: 0 })
    status = 'stable=x canary=a weight=100 copies=0'
    expect(await splitter.read({ ...ROLES, canary: undefined })).toMatchObject({ weight: 0 })
    status = 'stable=a canary=c weight=0.5 copies=0'
    await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-199: .*0\.5 % to c.*nor b/)
    status = '<html>'
    await expect(splitter.read(ROLES)).rejects.toThrow(/MW-DEPLOY-196: .*\/split answers 200/)
  })

  it.each(['b;', 'b c', '$b', '', '.', 'b"', 'naïve', 'b\n'])(
    'is not given %j for a name',
    async (name) => {
      const { splitter } = await open([program()])
      const attempt = splitter.read({ ...ROLES, canary: { version: '2', name } })
      await expect(attempt).rejects.toThrow(/MW-DEPLOY-198/)
    },
  )
})
