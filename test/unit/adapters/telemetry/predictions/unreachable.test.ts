import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createFilesSource } from '../../../../../src/adapters/telemetry/predictions/files/files-source.js'
import { storeClient } from '../../../../../src/adapters/telemetry/predictions/objects/store-request.js'
import { CancelledError } from '../../../../../src/errors.js'
import { openLog, readers, VERSIONS } from './arrange.js'

describe('a log that cannot be reached', () => {
  it('in a store is told after some tries, without the reason that may hold a secret', async () => {
    let tries = 0
    const client = storeClient(
      {
        store: 's3://bucket',
        permission: 'all',
        send: async () => {
          tries += 1
          throw new TypeError('fetch failed: secret')
        },
      },
      {
        signal: new AbortController().signal,
        timeoutMs: 1000,
        firstDelayMs: 1,
        hide: (text) => text,
      },
    )
    const failure = await client.text(new URL('https://store.example/?a=secret')).catch(String)
    expect(failure).toContain('MW-DEPLOY-316')
    expect(failure).not.toContain('secret')
    expect(tries).toBe(4)
  })

  it('in a file that cannot be opened is told', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelway-socket-'))
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(folder, 'a.jsonl'), resolve))
    try {
      const source = createFilesSource({
        list: async () => [join(folder, 'a.jsonl')],
        shownAs: () => 'a.jsonl',
        format: undefined,
        readers,
        columns: [],
        signal: new AbortController().signal,
      })
      await expect(source.mark()).rejects.toThrow(/MW-DEPLOY-312.*a\.jsonl/)
    } finally {
      server.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('in Kafka is not given a password in clear text', async () => {
    const env = { MODELWAY_KAFKA_USERNAME: 'user', MODELWAY_KAFKA_PASSWORD: 'broker-secret' }
    const kafka = { brokers: 'kafka.example:9092', topic: 'log' }
    const signals = await openLog('.', { kafka }, { env })
    const failure = await signals.mark?.(VERSIONS).catch(String)
    expect(failure).toContain('MW-DEPLOY-326')
    expect(failure).not.toContain('broker-secret')
  })

  it('is not waited for once the run is cancelled', async () => {
    const controller = new AbortController()
    controller.abort()
    const kafka = { brokers: '127.0.0.1:1', topic: 'log' }
    const { signal } = controller
    const signals = await openLog('.', { kafka }, { signal })
    await expect(signals.mark?.(VERSIONS)).rejects.toThrow(CancelledError)
    const files = await openLog('.', { files: 'package.json', format: 'json' }, { signal })
    await expect(files.mark?.(VERSIONS)).rejects.toThrow(CancelledError)
  })
})
