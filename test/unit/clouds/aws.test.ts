import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type AwsOptions, awsOperation, openAws } from '../../../src/clouds/aws.js'
import { awsHost } from '../../../src/clouds/aws-endpoint.js'
import type { AwsCredentials } from '../../../src/clouds/aws-sign-in.js'
import { CancelledError, ExternalError, UserError } from '../../../src/errors.js'
import { type FakeAws, KEYS, startAws } from '../../fakes/aws/start-aws.js'

const DESCRIBE = awsOperation('SageMaker.DescribeEndpoint', '1.1', { EndpointName: 'fraud' })
const SECRET = KEYS.AWS_SECRET_ACCESS_KEY

let aws: FakeAws
beforeEach(async () => {
  aws = await startAws()
})
afterEach(() => aws.close())

const open = (more: Partial<AwsOptions> = {}) =>
  openAws({
    name: 'SageMaker',
    host: 'api.sagemaker',
    signing: 'sagemaker',
    where: 'deploy.sagemaker',
    endpoint: aws.url,
    env: { ...KEYS, AWS_REGION: 'eu-central-1' },
    firstDelayMs: 1,
    ...more,
  })

async function failure(work: Promise<unknown>): Promise<Error> {
  try {
    await work
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('nothing has failed')
}

describe('a request to AWS', () => {
  it('is signed as AWS checks it', async () => {
    expect(await open().send(DESCRIBE)).toMatchObject({ EndpointStatus: 'InService' })
    const other = open({ env: { ...KEYS, AWS_SECRET_ACCESS_KEY: 'x', AWS_REGION: 'eu-west-1' } })
    await expect(other.send(DESCRIBE)).rejects.toThrow(/MW-DEPLOY-223: .*InvalidSignature/)
  })

  it.each([
    [400, 'ThrottlingException'],
    [429, 'TooManyRequestsException'],
    [400, 'RequestLimitExceeded'],
    [500, 'InternalFailure'],
    [503, 'ServiceUnavailable'],
    [0, 'a lost connection'],
  ])('is repeated after %i %s', async (status, code) => {
    aws.failNext('DescribeEndpoint', { status, code, times: 3 })
    expect(await open().send(DESCRIBE)).toMatchObject({ EndpointStatus: 'InService' })
    expect(aws.calls).toHaveLength(4)
  })

  it('is given up after four attempts, as what may pass', async () => {
    aws.failNext('DescribeEndpoint', { status: 400, code: 'ThrottlingException', times: 9 })
    const error = await failure(open().send(DESCRIBE))
    expect(error).toBeInstanceOf(ExternalError)
    expect(error.message).toMatch(/MW-DEPLOY-225: SageMaker.*ThrottlingException/)
    expect(error instanceof ExternalError && error.details.retryable).toBe(true)
    expect(aws.calls).toHaveLength(4)
  })

  it('waits as long as AWS asks', async () => {
    const headers = { 'retry-after': '0.2' }
    aws.failNext('DescribeEndpoint', { status: 429, code: 'TooManyRequestsException', headers })
    const before = performance.now()
    await open().send(DESCRIBE)
    expect(performance.now() - before).toBeGreaterThan(190)
  })

  it('is not repeated where AWS refuses the request itself', async () => {
    const unknown = awsOperation('SageMaker.DescribeEndpoint', '1.1', { EndpointName: 'other' })
    const error = await failure(open().send(unknown))
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toMatch(/MW-DEPLOY-224: .*ValidationException: Could not find endpoint/)
    expect(aws.calls).toHaveLength(1)
  })

  it('that is not allowed says what AWS says of it', async () => {
    const message = 'User: arn:aws:sts::1:assumed-role/ci is not authorized to perform: sagemaker:X'
    aws.failNext('DescribeEndpoint', { status: 400, code: 'AccessDeniedException', message })
    const error = await failure(open().send(DESCRIBE))
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toMatch(/MW-DEPLOY-223: .*not authorized to perform: sagemaker:X/)
  })

  it('never shows a secret, however AWS repeats it', async () => {
    const message = `bad key ${SECRET} or ${Buffer.from(SECRET).toString('base64')}`
    aws.failNext('DescribeEndpoint', { status: 400, code: 'ValidationException', message })
    const error = await failure(open().send(DESCRIBE))
    expect(error.message).toContain('bad key ***')
    expect(error.message).not.toContain(SECRET)
    expect(error.message).not.toContain(Buffer.from(SECRET).toString('base64'))
  })

  it('of a clock that is wrong is signed anew by that of AWS', async () => {
    const date = new Date(Date.now() - 60_000).toUTCString()
    const message = 'Signature not yet current: 20261124T040000Z is still later.'
    const fault = { status: 403, code: 'InvalidSignatureException', message, headers: { date } }
    aws.failNext('DescribeEndpoint', fault)
    expect(await open().send(DESCRIBE)).toMatchObject({ EndpointStatus: 'InService' })
    expect(aws.calls).toHaveLength(2)
  })

  it('ends with the signal', async () => {
    const stop = new AbortController()
    aws.failNext('DescribeEndpoint', { status: 500, code: 'InternalFailure', times: 9 })
    const work = open({ signal: stop.signal, firstDelayMs: 10_000 }).send(DESCRIBE)
    setTimeout(() => stop.abort(), 30)
    expect(await failure(work)).toBeInstanceOf(CancelledError)
  })
})

describe('credentials of AWS', () => {
  const keys = (id: string, token?: string): AwsCredentials => ({
    accessKeyId: id,
    secretAccessKey: `secret-of-${id}`,
    sessionToken: token,
  })
  const know = ({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) =>
    aws.keys.set(accessKeyId, {
      secret: secretAccessKey,
      ...(sessionToken === undefined ? {} : { token: sessionToken }),
    })

  it('that end mid-way are renewed once, and the request goes on', async () => {
    const old = keys('ASIAOLD', 'old-token')
    const renewed = keys('ASIANEW', 'new-token')
    know({ ...old, sessionToken: 'another by now' })
    know(renewed)
    const asked: boolean[] = []
    const signIn = async ({ refresh = false } = {}) => {
      asked.push(refresh)
      return refresh ? renewed : old
    }
    expect(await open({ signIn }).send(DESCRIBE)).toMatchObject({ EndpointStatus: 'InService' })
    expect(asked).toEqual([false, true])
  })

  it('that have ended for good say how to sign in for longer', async () => {
    const old = keys('ASIAOLD', 'old-token')
    know({ ...old, sessionToken: 'another by now' })
    const error = await failure(open({ signIn: async () => old }).send(DESCRIBE))
    expect(error).toBeInstanceOf(UserError)
    expect(error.message).toMatch(/MW-DEPLOY-223: .*ExpiredToken.*role-duration-seconds/)
    expect(aws.calls).toHaveLength(1)
  })

  it('are taken from the environment first, with their session token', async () => {
    know(keys('ASIAENV', 'env-token'))
    const env = {
      AWS_ACCESS_KEY_ID: 'ASIAENV',
      AWS_SECRET_ACCESS_KEY: 'secret-of-ASIAENV',
      AWS_SESSION_TOKEN: 'env-token',
      AWS_DEFAULT_REGION: 'eu-central-1',
    }
    expect(await open({ env }).send(DESCRIBE)).toMatchObject({ EndpointStatus: 'InService' })
  })
})

describe('the address of a service of AWS', () => {
  it.each([
    ['eu-central-1', 'lambda.eu-central-1.amazonaws.com'],
    ['cn-north-1', 'lambda.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'lambda.us-gov-west-1.amazonaws.com'],
    ['eusc-de-east-1', 'lambda.eusc-de-east-1.amazonaws.eu'],
    ['us-isob-east-1', 'lambda.us-isob-east-1.sc2s.sgov.gov'],
  ])('in %s is %s', (region, host) => {
    expect(awsHost('lambda', region)).toBe(host)
  })

  it.each([undefined, '', 'x', 'eu-central-1.evil.example', 'EU-CENTRAL-1', 'eu-central-1/'])(
    'is none in region %j',
    (region) => {
      expect(() => open({ env: { ...KEYS, AWS_REGION: region } })).toThrow(/MW-DEPLOY-221/)
    },
  )

  it.each([
    'http://sagemaker.example',
    'https://user:pass@sagemaker.example',
    'https://sagemaker.example?x=1',
    'file:///etc/passwd',
    'nonsense',
  ])('is not taken from %s', (endpoint) => {
    expect(() => open({ endpoint })).toThrow(/MW-DEPLOY-222/)
  })

  it('that answers with a page is not AWS', async () => {
    const { createServer } = await import('node:http')
    const server = createServer((_, response) => response.end('<html>sign in</html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const work = open({ endpoint: `http://127.0.0.1:${port}` }).send(DESCRIBE)
    await expect(work).rejects.toThrow(/MW-DEPLOY-226/)
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})
