import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { command } from '../../../tools/install/command.js'
import { ensureModelServer } from '../../../tools/install/model-servers.js'
import { systemSuite } from '../system-suite.js'
import { type RunningModelServer, startModelServer } from './server.js'

const FILE = (name: string) => fileURLToPath(new URL(name, import.meta.url))

async function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'modelway-tls-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject]
  await command('openssl', [...made, '-keyout', key, '-out', certificate])
  return { folder, key, certificate, packages: await ensureModelServer('kserve') }
}

// @evidence gRPC over TLS: live (grpcio 1.85.1)
await systemSuite('A model server by gRPC over TLS', prepare, (prepared) => {
  let server: RunningModelServer
  beforeAll(async () => {
    const { key, certificate, packages } = prepared()
    const args = [FILE('serve_grpc_tls.py'), '{port}', key, certificate]
    server = await startModelServer({ packages, args, healthPath: '' })
  })
  afterAll(async () => {
    await server?.close()
    rmSync(prepared().folder, { recursive: true, force: true })
  })

  async function ask(env: Record<string, string>): Promise<unknown> {
    const url = server.url.replace('http://', 'https://')
    const answer = await command('npx', ['tsx', FILE('ask-once.ts'), url], {
      env: { ...process.env, ...env },
    })
    return JSON.parse(answer)
  }

  it('answers where its certificate is trusted, and knows the token', async () => {
    const env = {
      NODE_EXTRA_CA_CERTS: prepared().certificate,
      MODELWAY_PROBE_TOKEN: 'probe-token',
    }
    expect(await ask(env)).toEqual({
      states: [
        { name: 'live', ok: true, what: '' },
        { name: 'ready', ok: true, what: '' },
        { name: 'model ready', ok: true, what: '' },
      ],
      answer: {
        kind: 'tensors',
        outputs: [{ name: 'sum', datatype: 'FP64', shape: [1], data: [3.5] }],
      },
    })
  })

  it('is not spoken to where its certificate is nobody that is trusted', async () => {
    expect(await ask({})).toMatchObject({
      error: expect.stringMatching(/MW-DEPLOY-345.*self-signed certificate/),
    })
  })
})
