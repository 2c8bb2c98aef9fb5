import { awsEndpoint, awsHost, awsRegion } from '../../../../clouds/aws-endpoint.js'
import { awsSignIn } from '../../../../clouds/aws-sign-in.js'
import type { ObjectPlace } from '../../../../config/deploy/predictions.js'
import type { ObjectStore, StoredObject } from './object-store.js'
import {
  bodyOf,
  notAList,
  rangeFrom,
  type SendToStore,
  type StoreContext,
  storeClient,
} from './store-request.js'
import { elements, elementText } from './xml.js'

const WHERE = 'deploy.signals.predictions.objects'

type Env = Readonly<Record<string, string | undefined>>

/** A bucket of S3, or of another store that speaks it (MinIO, R2, Ceph), by ListObjectsV2 and GetObject. */
export function openS3(place: ObjectPlace, env: Env, context: StoreContext): ObjectStore {
  const region = regionOf(place, env)
  const base = addressOf(place, region)
  const store = `s3://${place.bucket}`
  const client = storeClient(
    { store, permission: 's3:ListBucket and s3:GetObject', send: signed(env, region) },
    context,
  )
  return {
    name: store,
    page: async ({ after, next }) => {
      const url = new URL(base)
      url.searchParams.set('list-type', '2')
      // Names may hold what XML has no way to write.
      url.searchParams.set('encoding-type', 'url')
      url.searchParams.set('prefix', place.prefix)
      if (after !== undefined) url.searchParams.set('start-after', after)
      if (next !== undefined) url.searchParams.set('continuation-token', next)
      // A plus sign is a space to some servers, and itself to others; both are signed as what they are.
      url.search = url.search.replaceAll('+', '%20')
      return pageOf(await client.text(url), store)
    },
    content: async (key, from) => {
      const url = new URL(`${base.href.replace(/\/+$/, '')}/${encodedPath(key)}`)
      const response = await client.content(url, rangeFrom(from))
      return response && bodyOf(response, from)
    },
  }
}

/** Stores of others have no regions of AWS, and sign for one all the same. */
function regionOf({ region, endpoint }: ObjectPlace, env: Env): string {
  if (endpoint === undefined) return awsRegion(region, env, WHERE)
  return region ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'] ?? 'us-east-1'
}

function addressOf({ bucket, endpoint }: ObjectPlace, region: string): URL {
  if (endpoint !== undefined) {
    return new URL(`${awsEndpoint(endpoint, WHERE).href.replace(/\/+$/, '')}/${bucket}`)
  }
  const host = awsHost('s3', region)
  // A certificate holds for one name before the host, without a dot.
  const isHostName = /^[a-z0-9-]+$/.test(bucket)
  return new URL(isHostName ? `https://${bucket}.${host}/` : `https://${host}/${bucket}`)
}

function encodedPath(key: string): string {
  return key
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/')
}

function signed(env: Env, region: string): SendToStore {
  const signIn = awsSignIn(env, WHERE)
  return async (url, headers, signal) => {
    const { AwsClient } = await import('aws4fetch')
    const { accessKeyId, secretAccessKey, sessionToken } = await signIn()
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
    const client = new AwsClient({ ...keys, region, service: 's3', retries: 0 })
    const request = await client.sign(url.href, { method: 'GET', headers: { ...headers } })
    return fetch(request, { signal, redirect: 'manual' })
  }
}

function pageOf(xml: string, store: string) {
  if (!xml.includes('<ListBucketResult')) throw notAList(store)
  const objects = elements(xml, 'Contents').flatMap((content): StoredObject[] => {
    const key = decoded(elementText(content, 'Key') ?? '')
    const modified = Date.parse(elementText(content, 'LastModified') ?? '')
    if (key === '' || Number.isNaN(modified)) return []
    return [{ key, modified, revision: elementText(content, 'ETag') ?? '' }]
  })
  const isCut = elementText(xml, 'IsTruncated') === 'true'
  return { objects, next: isCut ? elementText(xml, 'NextContinuationToken') : undefined }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
