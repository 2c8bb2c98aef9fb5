import { CancelledError } from '../../../../errors.js'
import type { LogReaders } from '../../../../ports/log-readers.js'
import { fileKind, type LogFormat, unknownFormat } from '../format.js'
import type { LogSource, Sink } from '../source.js'
import type { ObjectStore, StoredObject } from './object-store.js'
import { readObject } from './read-object.js'

export interface ObjectsSourceOptions {
  readonly store: ObjectStore
  /** Whether newer objects always come later by name. */
  readonly ordered: boolean
  readonly format: LogFormat | undefined
  readonly readers: LogReaders
  readonly columns: readonly string[]
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** What is known of an object. */
export interface ObjectState {
  revision: string
  /** Bytes (unpacked) that are done with; of tables: rows. */
  done: number
  isOver: boolean
}

export interface ObjectsLook extends ObjectsSourceOptions {
  warnings: string[]
}

/** How far the store's clock may be off ours. */
const SKEW_MS = 5 * 60_000
/** Objects that are read at one time: there may be one for each request. */
const AT_ONCE = 8
/** Pages of one listing; beyond that a narrower prefix is needed. */
const MOST_PAGES = 2000

const WHERE = 'deploy.signals.predictions.objects'

/**
 * A log in a store: each new object is read, and one that has grown from where it was left. What was there at the mark is passed
 * over; of objects that are older than it not even the names are remembered.
 */
export function createObjectsSource(options: ObjectsSourceOptions): LogSource {
  const look: ObjectsLook = { ...options, warnings: [] }
  const known = new Map<string, ObjectState>()
  let since = Number.NEGATIVE_INFINITY
  let last: string | undefined
  const recent = async (): Promise<StoredObject[]> => {
    const found: StoredObject[] = []
    for await (const object of listed(look, last)) {
      if (object.modified >= since) found.push(object)
    }
    return found
  }
  const passOne = ({ key }: StoredObject): void => {
    if (options.ordered && (last === undefined || key > last)) last = key
  }
  return {
    name: `The log of predictions in ${options.store.name}`,
    mark: async () => {
      since = options.now() - SKEW_MS
      known.clear()
      for await (const object of listed(look, last)) {
        passOne(object)
        if (object.modified < since) continue
        known.set(object.key, { revision: object.revision, done: 0, isOver: true })
      }
    },
    read: async (sink, from) => {
      look.warnings = []
      if (since === Number.NEGATIVE_INFINITY) since = from - SKEW_MS
      const fresh = (await recent())
        .filter(({ key, revision }) => isNews(known.get(key), revision))
        .sort((a, b) => a.modified - b.modified || (a.key < b.key ? -1 : 1))
      await atOnce(fresh, (object) => readNew(look, { object, known, sink }))
      fresh.forEach(passOne)
      // The bucket was listed: that nothing is in it is known.
      return look.warnings
    },
  }
}

function isNews(state: ObjectState | undefined, revision: string): boolean {
  return state === undefined || state.revision !== revision || !state.isOver
}

async function* listed(
  { store, ordered, signal }: ObjectsLook,
  last: string | undefined,
): AsyncGenerator<StoredObject> {
  let next: string | undefined
  for (let page = 0; page < MOST_PAGES; page++) {
    if (signal.aborted) throw new CancelledError('Reading the log was cancelled.')
    const found = await store.page({ after: ordered ? last : undefined, next })
    for (const object of found.objects) {
      if (object.key !== last) yield object
    }
    next = found.next
    if (next === undefined) return
  }
}

async function readNew(
  look: ObjectsLook,
  { object, known, sink }: { object: StoredObject; known: Map<string, ObjectState>; sink: Sink },
): Promise<void> {
  const { key, revision } = object
  const kind = fileKind(key, look.format)
  // Folders of consoles, and markers such as _SUCCESS.
  if (key.endsWith('/') || /(?:^|\/)[._][^/]*$/.test(key)) return
  if (kind === undefined) throw unknownFormat(WHERE, key)
  const state = known.get(key) ?? { revision, done: 0, isOver: false }
  known.set(key, state)
  // What was passed over at the mark and has changed since is read as a whole: dates say what counts.
  await readObject(look, { object, kind, state, sink })
  state.revision = revision
}

/** Some at a time; the first failure is thrown once those under way have ended. */
async function atOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let at = 0
  let failure: { readonly error: unknown } | undefined
  const worker = async (): Promise<void> => {
    while (at < items.length && failure === undefined) {
      const item = items[at++] as T
      try {
        await work(item)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker))
  if (failure !== undefined) throw failure.error
}
