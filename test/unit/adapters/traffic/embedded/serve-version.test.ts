import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import {
  type ServeOptions,
  serveVersion,
  stopVersion,
} from '../../../../../src/adapters/traffic/embedded/serve-version.js'
import type { Backend } from '../../../../../src/ports/traffic.js'
import { close, listen, tempFolder } from './harness.js'

const SERVER = `
import { createServer } from 'node:http'
const [, , port, model, version] = process.argv
createServer((request, response) => {
  response.end(JSON.stringify({ model, version, secret: process.env.SECRET ?? null }))
}).listen(Number(port), '127.0.0.1')
`

describe('the server of a version', () => {
  let folder = ''
  let started: Backend | undefined
  beforeEach(() => {
    folder = tempFolder()
    writeFileSync(join(folder, 'serve.mjs'), SERVER)
  })
  afterEach(async () => {
    if (started !== undefined) await stopVersion(started)
    started = undefined
    rmSync(folder, { recursive: true, force: true })
  })
  const options = (extra: Partial<ServeOptions> = {}): ServeOptions => ({
    version: '2; echo $(id)',
    command: [process.execPath, 'serve.mjs', '{port}', '{model}', '{version}'],
    model: 'a b/$HOME.json',
    port: 0,
    cwd: folder,
    env: {},
    healthPath: '/v2/health/ready',
    timeoutMs: 5000,
    logDir: join(folder, 'logs'),
    ...extra,
  })

  it('is started without a shell, is ready when it returns, and ends when told to', async () => {
    started = await serveVersion(options())
    const response = await fetch(started.url)
    expect(await response.json()).toEqual({
      model: 'a b/$HOME.json',
      version: '2; echo $(id)',
      secret: null,
    })
    await stopVersion(started)
    await expect(fetch(started.url)).rejects.toThrow()
    await stopVersion(started)
  })

  it('waits for any answer where there is no health check', async () => {
    started = await serveVersion(options({ healthPath: '' }))
    expect((await fetch(started.url)).status).toBe(200)
  })

  it.each([
    [
      'a program that ends',
      [process.execPath, '-e', 'console.error("no model"); process.exit(3)'],
      /ended with exit code 3.*no model/s,
    ],
    ['a program that does not exist', ['/nowhere/serve'], /could not be started/],
  ])('says why %s is no server', async (_name, command, message) => {
    await expect(serveVersion(options({ command }))).rejects.toThrow(message)
  })

  it('gives up, and leaves nothing running, when it does not get ready in time', async () => {
    const command = [process.execPath, '-e', 'setInterval(() => {}, 1000)', '{port}']
    await expect(serveVersion(options({ command, timeoutMs: 300 }))).rejects.toThrow(
      /MW-DEPLOY-013: .*is not ready after/,
    )
  })

  it('refuses a port that another program has, whose answers it would take for its own', async () => {
    const other = createServer((_request, response) => response.end())
    const port = await listen(other)
    await expect(serveVersion(options({ port }))).rejects.toThrow(
      `MW-DEPLOY-014: deploy.backends: port ${port}, for version "2; echo $(id)", is taken`,
    )
    await close(other)
  })
})
