import { type AzureTokens, createAzureSignIn } from '../../../../clouds/azure.js'
import type { ObjectPlace } from '../../../../config/deploy/predictions.js'
import { UserError } from '../../../../errors.js'
import type { ObjectStore, StoredObject } from './object-store.js'
import { safeEndpoint } from './safe-endpoint.js'
import {
  bodyOf,
  notAList,
  rangeFrom,
  type SendToStore,
  type StoreContext,
  storeClient,
} from './store-request.js'
import { elements, elementText } from './xml.js'

type Env = Readonly<Record<string, string | undefined>>

const VERSION = '2023-11-03'

/** A container of Azure Blob Storage, signed in to by a token, or by a SAS in MODELWAY_AZURE_STORAGE_SAS_TOKEN. */
export function openAzureBlobs(place: ObjectPlace, env: Env, context: StoreContext): ObjectStore {
  const base = `${addressOf(place)}/${place.bucket}`
  const store = `the container ${place.bucket} of Azure`
  const send = env[SAS]?.trim()
    ? bySas(env[SAS].trim())
    : byToken(createAzureSignIn({ env, cloud: 'public', now: Date.now }))
  const client = storeClient({ store, permission: 'Storage Blob Data Reader', send }, context)
  return {
    name: store,
    // There is no way to ask for names after another that all versions of the service know.
    page: async ({ next }) => {
      const url = new URL(`${base}?restype=container&comp=list`)
      url.searchParams.set('prefix', place.prefix)
      if (next !== undefined) url.searchParams.set('marker', next)
      return pageOf(await client.text(url), store)
    },
    content: async (key, from) => {
      const path = key
        .split('/')
        .map((part) => encodeURIComponent(part))
        .join('/')
      const response = await client.content(new URL(`${base}/${path}`), rangeFrom(from))
      return response && bodyOf(response, from)
    },
  }
}

const SAS = 'MODELWAY_AZURE_STORAGE_SAS_TOKEN'

function addressOf({ account, endpoint }: ObjectPlace): string {
  if (endpoint !== undefined) return safeEndpoint(endpoint)
  if (account !== undefined) return `https://${account}.blob.core.windows.net`
  throw new UserError({
    code: 'MW-DEPLOY-319',
    where: 'deploy.signals.predictions.objects',
    what: 'it is not said in which storage account of Azure the container is.',
    fix: 'Set account, or endpoint for another address.',
  })
}

/** A shared access signature is part of the query. */
function bySas(sas: string): SendToStore {
  return (url, headers, signal) => {
    const whole = new URL(url)
    for (const [name, value] of new URLSearchParams(sas)) whole.searchParams.set(name, value)
    return fetch(whole, {
      headers: { ...headers, 'x-ms-version': VERSION },
      signal,
      redirect: 'manual',
    })
  }
}

function byToken(tokens: AzureTokens): SendToStore {
  return async (url, headers, signal) =>
    fetch(url, {
      headers: {
        ...headers,
        'x-ms-version': VERSION,
        authorization: `Bearer ${await tokens('storage')}`,
      },
      signal,
      redirect: 'manual',
    })
}

function pageOf(xml: string, store: string) {
  if (!xml.includes('<EnumerationResults')) throw notAList(store)
  const objects = elements(xml, 'Blob').flatMap((blob): StoredObject[] => {
    const key = elementText(blob, 'Name') ?? ''
    const modified = Date.parse(elementText(blob, 'Last-Modified') ?? '')
    if (key === '' || Number.isNaN(modified)) return []
    return [{ key, modified, revision: elementText(blob, 'Etag') ?? '' }]
  })
  const next = elementText(xml, 'NextMarker')
  return { objects, next: next === '' ? undefined : next }
}
