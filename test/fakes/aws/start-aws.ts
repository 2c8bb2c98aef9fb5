import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FakeCloudWatch } from './cloudwatch.js'
import { FakeLambda } from './lambda.js'
import { type ServiceName, wrongs } from './model.js'
import { Refused } from './refused.js'
import { FakeSageMaker } from './sagemaker.js'
import type { Config, UpdateInput } from './sagemaker-types.js'
import { signedBy } from './signature.js'

/** A stand-in for SageMaker, Lambda and CloudWatch: signatures, requests and answers are checked. */

export interface AwsFault {
  readonly status: number
  readonly code: string
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly times?: number
  /** The request is done, and only its answer is lost. */
  readonly afterwards?: boolean
}

export interface FakeAws {
  readonly url: string
  readonly sagemaker: FakeSageMaker
  readonly lambda: FakeLambda
  readonly cloudwatch: FakeCloudWatch
  /** Secrets by key id; a session token that is not among them is refused as expired. */
  readonly keys: Map<string, { readonly secret: string; readonly token?: string }>
  /** Operations in order. */
  readonly calls: string[]
  /** Something that AWS does not describe; tests assert that there is none. */
  readonly violations: string[]
  failNext(operation: string, fault: AwsFault): void
  /** After so many calls from now nobody answers any more; undefined: everybody does again. */
  cutAfter(calls: number | undefined): void
  close(): Promise<void>
}

interface Call {
  readonly service: ServiceName
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
}

const TARGETS: Readonly<Record<string, ServiceName>> = {
  SageMaker: 'sagemaker',
  GraniteServiceVersion20100801: 'cloudwatch',
}
const SIGNED_FOR = { sagemaker: 'sagemaker', lambda: 'lambda', cloudwatch: 'monitoring' } as const

export const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 's3cret/Key+EXAMPLE',
}

class World {
  readonly sagemaker = new FakeSageMaker()
  readonly lambda = new FakeLambda()
  readonly cloudwatch = new FakeCloudWatch()
  readonly keys = new Map<string, { secret: string; token?: string }>([
    [KEYS.AWS_ACCESS_KEY_ID, { secret: KEYS.AWS_SECRET_ACCESS_KEY }],
  ])
  readonly calls: string[] = []
  readonly violations: string[] = []
  readonly faults: (AwsFault & { operation: string; left: number })[] = []

  callsLeft = Number.POSITIVE_INFINITY

  constructor() {
    this.cloudwatch.onAlarm = (name) => this.sagemaker.alarm(name)
  }

  answer(request: IncomingMessage, body: Buffer): object {
    const call = callOf(request, body)
    if (this.callsLeft-- <= 0) throw new Fault({ status: 0, code: 'cut' })
    this.calls.push(call.operation)
    this.requireSignature(request, body, call.service)
    const fault = this.faults.find(
      ({ operation, left }) => left > 0 && operation === call.operation,
    )
    if (fault !== undefined) fault.left -= 1
    if (fault !== undefined && fault.afterwards !== true) throw new Fault(fault)
    const wrong = wrongs(call.service, call.operation, 'input', call.input)
    if (wrong.length > 0) {
      this.violations.push(...wrong)
      throw new Refused(400, 'ValidationException', wrong.join('; '))
    }
    const output = this.perform(call)
    this.violations.push(...wrongs(call.service, call.operation, 'output', output))
    if (fault !== undefined) throw new Fault(fault)
    return output
  }

  private requireSignature(request: IncomingMessage, body: Buffer, service: ServiceName): void {
    const signed = signedBy(request, body, (id) => this.keys.get(id)?.secret)
    if (typeof signed === 'string')
      throw new Refused(403, signed, 'The request is not signed as it must be.')
    const { token } = this.keys.get(signed.accessKeyId) ?? {}
    if (request.headers['x-amz-security-token'] !== token) {
      throw new Refused(
        403,
        'ExpiredTokenException',
        'The security token included in the request is expired',
      )
    }
    if (signed.service !== SIGNED_FOR[service]) {
      throw new Refused(
        403,
        'InvalidSignatureException',
        `Credential should be scoped to correct service: ${service}.`,
      )
    }
    if (Math.abs(signed.at - Date.now()) > 300_000) {
      throw new Refused(400, 'InvalidSignatureException', 'Signature expired: it is now later.')
    }
  }

  private perform({ operation, input }: Call): object {
    const { sagemaker, lambda, cloudwatch } = this
    const text = (key: string) => String(input[key])
    switch (operation) {
      case 'DescribeEndpoint':
        return sagemaker.describe(text('EndpointName'))
      case 'DescribeEndpointConfig':
        return sagemaker.describeConfig(text('EndpointConfigName'))
      case 'CreateEndpointConfig':
        return sagemaker.createConfig(input as unknown as Config)
      case 'UpdateEndpoint':
        return sagemaker.update(text('EndpointName'), input as unknown as UpdateInput)
      case 'UpdateEndpointWeightsAndCapacities':
        return sagemaker.weigh(text('EndpointName'), input['DesiredWeightsAndCapacities'] as [])
      case 'ListTags':
        return sagemaker.tags(text('ResourceArn'))
      case 'GetAlias':
        return this.ofFunction(text('FunctionName'), text('Name')).read()
      case 'UpdateAlias':
        return this.ofFunction(text('FunctionName'), text('Name')).update(input as never)
      case 'GetFunctionConfiguration':
        return lambda.configuration(text('Qualifier'))
      case 'GetMetricData':
        return cloudwatch.data(input as never)
      case 'SetAlarmState':
        return cloudwatch.setAlarm(input as never)
      default:
        throw new Refused(400, 'UnknownOperationException', operation)
    }
  }

  private ofFunction(name: string, alias: string): FakeLambda {
    if (name === this.lambda.name && alias === this.lambda.alias) return this.lambda
    throw new Refused(404, 'ResourceNotFoundException', `Cannot find alias arn: ${name}:${alias}`)
  }
}

class Fault extends Error {
  readonly fault: AwsFault

  constructor(fault: AwsFault) {
    super(fault.message ?? fault.code)
    this.fault = fault
  }
}

function callOf(request: IncomingMessage, body: Buffer): Call {
  const input = body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as Call['input'])
  const [prefix = '', operation] = String(request.headers['x-amz-target'] ?? '').split('.')
  const service = TARGETS[prefix]
  if (service !== undefined && operation !== undefined) return { service, operation, input }
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://lambda')
  const [, date, functions, name = '', part, alias = ''] = pathname
    .split('/')
    .map(decodeURIComponent)
  if (date === '2015-03-31' && functions === 'functions') {
    const FunctionName = name
    if (part === 'aliases') {
      const operation = request.method === 'PUT' ? 'UpdateAlias' : 'GetAlias'
      return { service: 'lambda', operation, input: { ...input, FunctionName, Name: alias } }
    }
    if (part === 'configuration') {
      const input = { FunctionName, Qualifier: searchParams.get('Qualifier') ?? '' }
      return { service: 'lambda', operation: 'GetFunctionConfiguration', input }
    }
  }
  throw new Refused(404, 'UnknownOperationException', pathname)
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export async function startAws(): Promise<FakeAws> {
  const world = new World()
  const server = createServer(async (request, response) => {
    const body = await read(request)
    const say = (status: number, value: object, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', ...headers })
      response.end(JSON.stringify(value))
    }
    try {
      say(200, world.answer(request, body))
    } catch (error) {
      if (error instanceof Fault) {
        const { status, code, message = code, headers = {} } = error.fault
        if (status === 0) request.socket.destroy()
        else say(status, { __type: `com.amazonaws#${code}`, message }, headers)
      } else if (error instanceof Refused) {
        const { status, code, message } = error
        say(
          status,
          { __type: `com.amazonaws#${code}`, message },
          { 'x-amzn-errortype': `${code}:http://internal/` },
        )
      } else {
        world.violations.push(String(error))
        say(500, { __type: 'InternalFailure', message: String(error) })
      }
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sagemaker: world.sagemaker,
    lambda: world.lambda,
    cloudwatch: world.cloudwatch,
    keys: world.keys,
    calls: world.calls,
    violations: world.violations,
    failNext: (operation, fault) => {
      world.faults.push({ ...fault, operation, left: fault.times ?? 1 })
    },
    cutAfter: (calls = Number.POSITIVE_INFINITY) => {
      world.callsLeft = calls
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
