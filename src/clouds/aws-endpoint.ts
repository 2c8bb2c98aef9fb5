import { UserError } from '../errors.js'
import { given } from './aws-sign-in.js'

const REGION = /^[a-z]{2,6}(?:-[a-z0-9]+){2,4}$/

/** The domain of each partition of AWS whose regions begin so (partitions.json of botocore 1.44); others are `amazonaws.com`. */
const DOMAINS: readonly (readonly [string, string])[] = [
  ['cn-', 'amazonaws.com.cn'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['us-isof-', 'csp.hci.ic.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
]

/** The region of the settings, else of the environment. */
export function awsRegion(
  region: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  where: string,
): string {
  const found = region ?? given(env, 'AWS_REGION') ?? given(env, 'AWS_DEFAULT_REGION')
  if (found !== undefined && REGION.test(found)) return found
  throw new UserError({
    code: 'MW-DEPLOY-221',
    where: `${where}.region`,
    what:
      found === undefined
        ? 'the region of AWS is not known.'
        : `${JSON.stringify(found)} is no region of AWS.`,
    fix: 'Give it here or in AWS_REGION, such as eu-central-1.',
  })
}

/** Where a service answers in a region, such as `sagemaker.eu-central-1.amazonaws.com`. */
export function awsHost(service: string, region: string): string {
  const [, domain] = DOMAINS.find(([start]) => region.startsWith(start)) ?? ['', 'amazonaws.com']
  return `${service}.${region}.${domain}`
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/

/** An address of one's own (a private endpoint, a test): over https, or on this machine. */
export function awsEndpoint(address: string, where: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isSafe = url?.protocol === 'https:' || LOOPBACK.test(url?.hostname ?? '')
  if (url !== undefined && isSafe && url.username === '' && url.search === '') return url
  throw new UserError({
    code: 'MW-DEPLOY-222',
    where: `${where}.endpoint`,
    what: 'this is no address that requests may be signed for: it must be https (http on this machine alone), without user and query.',
    fix: 'Write it as https://host, or leave it out for the endpoint of AWS.',
  })
}
