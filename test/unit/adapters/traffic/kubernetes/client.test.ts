import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { openCluster } from '../../../../../src/adapters/traffic/kubernetes/client/index.js'
import { refTo, SERVICE } from '../../../../../src/adapters/traffic/kubernetes/client/resource.js'
import { ExternalError, UserError } from '../../../../../src/errors.js'
import { type FaultyApi, kubeconfig, type Scripted, startFaultyApi } from './api.js'

const REF = refTo(SERVICE, 'default', 'model')
const OK: Scripted = { status: 200, body: { kind: 'Service' } }
const BUSY: Scripted = { status: 429, headers: { 'retry-after': '7' } }

let api: FaultyApi | undefined
afterEach(async () => {
  await api?.close()
  api = undefined
})
const start = async (...script: readonly Scripted[]) => {
  api = await startFaultyApi(script)
  return api
}

describe('a cluster that is busy or away', () => {
  it('is asked again after the time that it names, and after a growing one where it names none', async () => {
    const { open, pauses, heard } = await start(BUSY, { status: 503 }, { status: 0, cut: true }, OK)
    expect(await (await open()).get(REF)).toEqual({ kind: 'Service' })
    expect(pauses).toEqual([7000, 1000, 2000])
    expect(heard).toHaveLength(4)
  })

  it('is given up after five attempts, as a failure that may pass', async () => {
    const { open, heard } = await start(...Array.from({ length: 9 }, () => ({ status: 500 })))
    const attempt = (await open()).get(REF)
    await expect(attempt).rejects.toThrow(ExternalError)
    await expect(attempt).rejects.toMatchObject({
      details: { code: 'MW-DEPLOY-109', status: 500, retryable: true },
    })
    expect(heard).toHaveLength(5)
  })

  it('is not waited for longer than half a minute', async () => {
    const { open, pauses } = await start({ status: 429, headers: { 'retry-after': '3600' } })
    await expect((await open()).get(REF)).rejects.toThrow(/MW-DEPLOY-109/)
    expect(pauses).toEqual([])
  })

  it('that answers with no JSON is no API server', async () => {
    const { open } = await start({ status: 200, body: '<html>sign in</html>' })
    await expect((await open()).get(REF)).rejects.toThrow(/MW-DEPLOY-109: .*no JSON/)
  })
})

describe('a sign-in', () => {
  it('is never sent on to where a redirect leads', async () => {
    const elsewhere = await startFaultyApi([OK])
    const { open } = await start({ status: 302, headers: { location: elsewhere.url } })
    await expect((await open()).get(REF)).rejects.toThrow(/MW-DEPLOY-110: .*it redirects \(302\)/)
    expect(elsewhere.heard).toEqual([])
    await elsewhere.close()
  })

  it('is not in the message of any failure', async () => {
    const { open } = await start(
      { status: 401 },
      { status: 401 },
      { status: 403, body: { message: 'no\n::set-output name=a::b' } },
      { status: 422, body: { message: 'x'.repeat(5000) } },
    )
    const client = await open()
    const messages: string[] = []
    for (let i = 0; i < 3; i++) {
      messages.push(await client.get(REF).then(() => '', String))
    }
    expect(messages.map((text) => /MW-DEPLOY-\d+/.exec(text)?.[0])).toEqual([
      'MW-DEPLOY-103',
      'MW-DEPLOY-104',
      'MW-DEPLOY-108',
    ])
    for (const message of messages) {
      expect(message).not.toContain('secret-token')
      expect(message).not.toContain('\n')
      expect(message.length).toBeLessThan(1000)
    }
  })

  it('with a token does not go to another machine in the clear', async () => {
    const { folder } = await start()
    const path = join(folder, 'clear')
    await writeFile(path, kubeconfig({ server: 'http://cluster.test', user: { token: 't' } }))
    const client = await openCluster({ kubeconfig: path, env: {}, home: folder })
    await expect(client.get(REF)).rejects.toThrow(/MW-DEPLOY-124/)
  })

  it('reads the file of a token anew for each request', async () => {
    const { open, folder, heard } = await start(OK, OK)
    await writeFile(join(folder, 'token'), 'first\n')
    const client = await open({ tokenFile: 'token' })
    await client.get(REF)
    await writeFile(join(folder, 'token'), 'second\n')
    await client.get(REF)
    expect(heard.map(({ authorization }) => authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ])
  })

  it('says which file of the kubeconfig is missing', async () => {
    const { open } = await start(OK)
    const client = await open({ tokenFile: 'gone' })
    await expect(client.get(REF)).rejects.toThrow(/MW-DEPLOY-101: .*gone: /)
  })
})

describe('an exec plugin', () => {
  const plugin = async (folder: string, source: string, more: object = {}) => {
    const path = join(folder, 'plugin.mjs')
    await writeFile(path, source)
    await chmod(path, 0o755)
    return {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: process.execPath,
        args: [path, '$(touch nothing); `id` "a b"'],
        env: [{ name: 'CLUSTER', value: 'shop' }],
        interactiveMode: 'Never',
        ...more,
      },
    }
  }
  const printing = (status: string) =>
    `process.stdout.write(JSON.stringify({ kind: 'ExecCredential', status: ${status} }))`

  it('gets its arguments as they are, without a shell, and its environment', async () => {
    const { open, folder, heard } = await start(OK)
    const token =
      "{ token: [process.argv[2], process.env.CLUSTER, process.env.KUBERNETES_EXEC_INFO.includes('ExecCredential')].join('|') }"
    const client = await open(await plugin(folder, printing(token)), { PATH: '/usr/bin' })
    await client.get(REF)
    expect(heard[0]?.authorization).toBe('Bearer $(touch nothing); `id` "a b"|shop|true')
  })

  it('is asked once, and again when its credential ends or is refused', async () => {
    const { open, folder, heard } = await start(OK, OK, { status: 401 }, OK)
    const counting = `import { appendFileSync, readFileSync } from 'node:fs'
      appendFileSync(${JSON.stringify(join(folder, 'count'))}, 'x')
      const token = readFileSync(${JSON.stringify(join(folder, 'count'))}, 'utf8')
      ${printing('{ token }')}`
    const client = await open(await plugin(folder, counting))
    await client.get(REF)
    await client.get(REF)
    await client.get(REF)
    expect(heard.map(({ authorization }) => authorization)).toEqual([
      'Bearer x',
      'Bearer x',
      'Bearer x',
      'Bearer xx',
    ])
  })

  it.each([
    ['ends with an error', 'process.stdout.write("secret"); process.exit(3)', {}, /ended with 3/],
    ['prints no credential', 'process.stdout.write("secret")', {}, /printed no ExecCredential/],
    ['prints an empty one', printing('{}'), {}, /printed no ExecCredential/],
    [
      'is not there',
      '',
      { command: 'no-such-program', installHint: 'Install it.' },
      /no such program\. Install it\./,
    ],
    ['wants a person', '', { interactiveMode: 'Always' }, /there is none/],
  ])('that %s is said to, without what it printed', async (_name, source, more, message) => {
    const { open, folder } = await start(OK)
    const client = await open(await plugin(folder, source, more))
    const attempt = client.get(REF)
    await expect(attempt).rejects.toThrow(UserError)
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-102/)
    await expect(attempt).rejects.toThrow(message)
    await expect(attempt).rejects.not.toThrow(/secret/)
  })
})
