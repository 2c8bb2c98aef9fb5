import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { awsSignIn } from '../../../src/clouds/aws-sign-in.js'

/** The chain of the AWS SDK reads the process itself. */
const folder = mkdtempSync(join(tmpdir(), 'modelway-aws-chain-'))
const file = join(folder, 'credentials')
const BARE = {
  AWS_SHARED_CREDENTIALS_FILE: file,
  AWS_CONFIG_FILE: join(folder, 'config'),
  AWS_EC2_METADATA_DISABLED: 'true',
}
let kept: NodeJS.ProcessEnv
beforeEach(() => {
  kept = { ...process.env }
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, BARE)
  writeFileSync(file, '')
})
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name]
  Object.assign(process.env, kept)
})

describe('signing in to AWS', () => {
  it('takes the keys of the environment, and asks nobody else', async () => {
    const env = { AWS_ACCESS_KEY_ID: ' AKID\n', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect(await awsSignIn(env, 'deploy.lambda')()).toEqual({
      accessKeyId: 'AKID',
      secretAccessKey: 'secret',
      sessionToken: undefined,
    })
  })

  it('takes a profile of the chain where there are none', async () => {
    writeFileSync(file, '[ml]\naws_access_key_id = AKIDML\naws_secret_access_key = of-ml\n')
    process.env['AWS_PROFILE'] = 'ml'
    expect(await awsSignIn({}, 'deploy.lambda')()).toMatchObject({
      accessKeyId: 'AKIDML',
      secretAccessKey: 'of-ml',
    })
  })

  it('says what to do where nothing is found, and nothing of what was looked at', async () => {
    await expect(awsSignIn({}, 'deploy.lambda')()).rejects.toThrow(
      /^MW-DEPLOY-220: deploy\.lambda: no credentials.*configure-aws-credentials/,
    )
  })

  describe('as a role', () => {
    let server: Server
    let given = 0
    let seconds = 3600
    beforeEach(async () => {
      given = 0
      server = createServer((_, response) => {
        given += 1
        const Expiration = new Date(Date.now() + seconds * 1000).toISOString()
        const keys = { AccessKeyId: `ASIA${given}`, SecretAccessKey: 'of-role', Token: 'token' }
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ ...keys, Expiration }))
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      process.env['AWS_CONTAINER_CREDENTIALS_FULL_URI'] = `http://127.0.0.1:${port}/`
    })
    afterEach(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })

    it('keeps credentials that last, and renews them where it is asked to', async () => {
      seconds = 3600
      const signIn = awsSignIn({}, 'deploy.lambda')
      expect((await signIn()).accessKeyId).toBe('ASIA1')
      expect((await signIn()).accessKeyId).toBe('ASIA1')
      expect((await signIn({ refresh: true })).accessKeyId).toBe('ASIA2')
    })

    it('renews what ends in less than five minutes beside the requests, before it ends', async () => {
      seconds = 60
      const signIn = awsSignIn({}, 'deploy.lambda')
      const first = await signIn()
      expect(first).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 'token' })
      const later: string[] = []
      while (later.length < 100 && !later.includes('ASIA2')) {
        later.push((await signIn()).accessKeyId)
        await sleep(5)
      }
      expect(later.at(-1)).toBe('ASIA2')
    })
  })
})
