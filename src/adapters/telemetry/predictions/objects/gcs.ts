import * as z from 'zod'
import { createGoogleSignIn } from '../../../../clouds/google-sign-in.js'
import type { ObjectPlace } from '../../../../config/deploy/predictions.js'
import type { ObjectStore } from './object-store.js'
import { safeEndpoint } from './safe-endpoint.js'
import { bodyOf, notAList, rangeFrom, type StoreContext, storeClient } from './store-request.js'

const Page = z.object({
  items: z
    .array(z.object({ name: z.string(), updated: z.string(), generation: z.string().default('') }))
    .default([]),
  nextPageToken: z.string().optional(),
})

/** A bucket of Google Cloud Storage, by its JSON API. */
export function openGcs(
  place: ObjectPlace,
  env: Readonly<Record<string, string | undefined>>,
  context: StoreContext,
): ObjectStore {
  const store = `gs://${place.bucket}`
  const signIn = createGoogleSignIn(env)
  const base = `${safeEndpoint(place.endpoint ?? 'https://storage.googleapis.com')}/storage/v1/b/${encodeURIComponent(place.bucket)}/o`
  const client = storeClient(
    {
      store,
      permission: 'storage.objects.list and storage.objects.get (roles/storage.objectViewer)',
      send: async (url, headers, signal) => {
        const ask = async (isRenewed: boolean) => {
          const authorization = `Bearer ${await signIn.token(isRenewed)}`
          return fetch(url, { headers: { ...headers, authorization }, signal, redirect: 'manual' })
        }
        const first = await ask(false)
        if (first.status !== 401 || !signIn.canRenew) return first
        await first.body?.cancel()
        return ask(true)
      },
    },
    context,
  )
  return {
    name: store,
    page: async ({ after, next }) => {
      const url = new URL(base)
      url.searchParams.set('fields', 'items(name,updated,generation),nextPageToken')
      url.searchParams.set('prefix', place.prefix)
      // From that name on: the one itself is known already.
      if (after !== undefined) url.searchParams.set('startOffset', after)
      if (next !== undefined) url.searchParams.set('pageToken', next)
      return pageOf(await client.text(url), store)
    },
    content: async (key, from) => {
      const url = new URL(`${base}/${encodeURIComponent(key)}?alt=media`)
      const response = await client.content(url, rangeFrom(from))
      return response && bodyOf(response, from)
    },
  }
}

function pageOf(text: string, store: string) {
  const parsed = Page.safeParse(parsedOr(text))
  if (!parsed.success) throw notAList(store)
  const { items, nextPageToken } = parsed.data
  const objects = items.map(({ name, updated, generation }) => ({
    key: name,
    modified: Date.parse(updated),
    revision: generation,
  }))
  return { objects, next: nextPageToken }
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
