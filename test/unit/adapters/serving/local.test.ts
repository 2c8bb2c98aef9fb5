import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createLocalServers } from '../../../../src/adapters/serving/local.js'
import type { RunningServer, ServerRequest } from '../../../../src/ports/model-server.js'
import { close, listen, tempFolder } from '../traffic/embedded/harness.js'

const servers = createLocalServers()

const SERVER = `
import { createServer } from 'node:http'
const [, , port, model, version] = process.argv
createServer((request, response) => {
  response.end(JSON.stringify({ model, version, secret: process.env.INPUT_TOKEN ?? process.env.ACTIONS_RUNTIME_TOKEN ?? null }))
}).listen(Number(port), '127.0.0.1')
`

describe('the server of a version', () => {
  let folder = ''
  let started: RunningServer | undefined
  beforeEach(() => {
    folder = tempFolder()
    writeFileSync(join(folder, 'serve.mjs'), SERVER)
  })
  afterEach(async () => {
    if (started !== undefined) await servers.stop(started.pid)
    started = undefined
    rmSync(folder, { recursive: true, force: true })
  })
  const options = (extra: Partial<ServerRequest> = {}): ServerRequest => ({
    version: '2; echo $(id)',
    command: [process.execPath, 'serve.mjs', '{port}', '{model}', '{version}'],
    model: 'a b/$HOME.json',
    port: 0,
    cwd: folder,
    env: { SECRET: undefined, INPUT_TOKEN: 'x', ACTIONS_RUNTIME_TOKEN: 'y' },
    healthPath: '/v2/health/ready',
    startTimeoutMs: 5000,
    signal: new AbortController().signal,
    logFile: join(folder, 'logs', 'server.log'),
    ...extra,
  })

  it('is started without a shell, is ready when it returns, and ends when told to', async () => {
    started = await servers.start(options())
    const response = await fetch(started.url)
    expect(await response.json()).toEqual({
      model: 'a b/$HOME.json',
      version: '2; echo $(id)',
      secret: null,
    })
    await servers.stop(started.pid)
    await expect(fetch(started.url)).rejects.toThrow()
    await servers.stop(started.pid)
  })

  it('waits for any answer where there is no health check', async () => {
    started = await servers.start(options({ healthPath: '' }))
    expect((await fetch(started.url)).status).toBe(200)
  })

  it.each([
    [
      'a program that ends',
      [process.execPath, '-e', 'console.error("no model"); process.exit(3)'],
      /it ended with exit code 3.*no model/s,
    ],
    ['a program that does not exist', ['/nowhere/serve'], /cannot be started/],
  ])('says why %s is no server', async (_name, command, message) => {
    await expect(servers.start(options({ command }))).rejects.toThrow(message)
  })

  it('gives up, and leaves nothing running, when it does not get ready in time', async () => {
    const command = [process.execPath, '-e', 'setInterval(() => {}, 1000)', '{port}']
    await expect(servers.start(options({ command, startTimeoutMs: 300 }))).rejects.toThrow(
      /MW-DEPLOY-013: .*it was not ready after/,
    )
  })

  it('is said to answer while it does, whether its address ends in a slash or not', async () => {
    const program = createServer((request, response) => {
      response.statusCode = request.url === '/ready' ? 200 : 404
      response.end()
    })
    const url = `http://127.0.0.1:${await listen(program)}`
    expect(await servers.answers(`${url}/`, '/ready')).toBe(true)
    expect(await servers.answers(url, '')).toBe(true)
    expect(await servers.answers(url, '/other')).toBe(false)
    await close(program)
    expect(await servers.answers(url, '/ready')).toBe(false)
    expect(await servers.answers(url, '')).toBe(false)
  })

  it('refuses a port that another program has, whose answers it would take for its own', async () => {
    const other = createServer((_request, response) => response.end())
    const port = await listen(other)
    await expect(servers.start(options({ port }))).rejects.toThrow(
      `MW-DEPLOY-014: deploy.backends: port ${port}, for version "2; echo $(id)", is taken`,
    )
    await close(other)
  })
})
