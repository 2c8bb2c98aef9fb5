import { mkdtempSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { findAccess } from '../../../../../src/adapters/traffic/kubernetes/client/kubeconfig.js'
import { kubeconfig } from './api.js'

const SERVER = 'https://cluster.test:6443/k8s/clusters/c-1'

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'modelway-kubeconfig-'))
}

function write(text: string): string {
  const path = join(folder(), 'config')
  writeFileSync(path, text)
  return path
}

const find = (path: string, context?: string) =>
  findAccess({ kubeconfig: path, context, env: {}, home: '/none' })

describe('a kubeconfig', () => {
  it('is sought where the settings say, then in KUBECONFIG, then in the home folder', async () => {
    const home = folder()
    await mkdir(join(home, '.kube'))
    const at = (name: string) => kubeconfig({ server: `https://${name}.test`, user: {} })
    await writeFile(join(home, '.kube', 'config'), at('home'))
    const [given, named] = [write(at('given')), write(at('named'))]
    const env = { KUBECONFIG: named }
    const host = async (options: object) =>
      (await findAccess({ env: {}, home, ...options })).server.host
    expect(await host({ kubeconfig: given, env })).toBe('given.test')
    expect(await host({ env })).toBe('named.test')
    expect(await host({})).toBe('home.test')
  })

  it('is not needed in a pod, whose account is used where there is none', async () => {
    const accountFolder = folder()
    await writeFile(join(accountFolder, 'namespace'), 'shop\n')
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '6443' }
    const access = await findAccess({ env, home: '/none', accountFolder })
    expect(access.server.href).toBe('https://[fd00::1]:6443/')
    expect(access).toMatchObject({
      namespace: 'shop',
      caFile: join(accountFolder, 'ca.crt'),
      user: { tokenFile: join(accountFolder, 'token') },
    })
    const named = findAccess({ env: { ...env, KUBECONFIG: '/gone' }, home: '/none', accountFolder })
    await expect(named).rejects.toThrow(/MW-DEPLOY-100/)
  })

  it('of several files gives the first that has a name', async () => {
    const one = write(kubeconfig({ server: 'https://one.test', user: {} }))
    const two = write(kubeconfig({ server: 'https://two.test', user: {} }))
    const third = write(kubeconfig({ server: 'https://three.test', user: {}, name: 'third' }))
    const env = { KUBECONFIG: [join(folder(), 'gone'), one, two, third].join(delimiter) }
    const host = async (context?: string) =>
      (await findAccess({ env, home: '/none', context })).server.host
    expect(await host()).toBe('one.test')
    expect(await host('third')).toBe('three.test')
  })

  it('has its files beside it, and keeps the path of the server', async () => {
    const user = { 'client-certificate': 'me.crt', 'client-key': '/keys/me.key' }
    const cluster = { 'certificate-authority': 'ca.crt', 'tls-server-name': 'api.test' }
    const path = write(kubeconfig({ server: SERVER, user, cluster }))
    const access = await find(path)
    expect(access).toMatchObject({
      caFile: join(path, '..', 'ca.crt'),
      serverName: 'api.test',
      isInsecure: false,
      namespace: 'default',
    })
    expect(access.server.href).toBe(SERVER)
    expect(access.user).toMatchObject({
      'client-certificate': join(path, '..', 'me.crt'),
      'client-key': '/keys/me.key',
    })
  })

  it('alone can say that the server is not verified', async () => {
    const cluster = { 'insecure-skip-tls-verify': true }
    expect((await find(write(kubeconfig({ server: SERVER, user: {}, cluster })))).isInsecure).toBe(
      true,
    )
  })

  it.each(['auth-provider', 'username', 'as', 'as-groups'])(
    'that signs in by %s is refused: to pass it over would be to act as somebody else',
    async (key) => {
      const path = write(kubeconfig({ server: SERVER, user: { token: 't', [key]: 'somebody' } }))
      await expect(find(path)).rejects.toThrow(new RegExp(`MW-DEPLOY-101: .*signs in by ${key}`))
    },
  )

  it.each([
    ['is not there', undefined, /MW-DEPLOY-100: .*there is no kubeconfig/],
    ['is no YAML', '{secret: [', /MW-DEPLOY-100: .*this is no kubeconfig/],
    ['is something else', 'secret', /MW-DEPLOY-100: .*this is no kubeconfig/],
    ['has no contexts', 'clusters: []', /MW-DEPLOY-100: .*no context is the current one/],
    [
      'names a cluster that it has not',
      'current-context: a\ncontexts: [{name: a, context: {cluster: b}}]\nclusters: [{name: c}]',
      /MW-DEPLOY-100: .*cluster "b" not found\. Found: c\./,
    ],
    [
      'has a server that is no address',
      kubeconfig({ server: 'file:///secret', user: {} }),
      /MW-DEPLOY-100: .*the cluster is not understood \(server\)/,
    ],
  ])('that %s is said to, without its content', async (_name, text, message) => {
    const attempt = find(text === undefined ? join(folder(), 'gone') : write(text))
    await expect(attempt).rejects.toThrow(message)
    await expect(attempt).rejects.not.toThrow(/secret/)
  })

  it('that lacks the context says which there are', async () => {
    const path = write(kubeconfig({ server: SERVER, user: {} }))
    await expect(find(path, 'prod')).rejects.toThrow(/context "prod" not found\. Found: test\./)
  })
})
