import type { Manifest } from '../../../config/deploy/gitops.js'
import { parsePath } from '../../../domain/gitops/path.js'
import type { UserError } from '../../../errors.js'
import { manifestProblems } from './problems.js'
import { HTTP_ROUTE_RULES, VIRTUAL_SERVICE_RULES, weightsIn } from './weight-rules.js'
import {
  type Cursor,
  type ManifestText,
  type Place,
  placeOf,
  rootOf,
  selectDocument,
  titleOf,
  walk,
} from './yaml-text.js'

export type Holds =
  | 'latest'
  | 'canary'
  | 'stable'
  | 'canary-weight'
  | 'stable-weight'
  /** Of a backend that is neither version: 0 once only stable has users. */
  | 'other-weight'

/** A value that a rollout writes. */
export interface Field {
  readonly place: Place
  readonly holds: Holds
  /** Takes whole percentages only. */
  readonly whole: boolean
  /** Fields of one group are shares of each other. */
  readonly group: string
}

export interface Fields {
  readonly fields: readonly Field[]
  /** All that may be written here, whoever the two versions are: changes with every write to it. */
  readonly said: unknown
  /** Why a rollout with both versions cannot be written; going back can. */
  readonly problems: readonly UserError[]
}

/** What the manifest calls the two versions. */
export interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

/** The fields that one entry of `manifests` names in its file. */
export function fieldsIn(manifest: ManifestText, entry: Manifest, names: Names): Fields {
  const route = entry['http-route']
  if (route !== undefined) {
    const root = documentOf(manifest, entry, { kind: 'HTTPRoute', name: route })
    return weightsIn(root, HTTP_ROUTE_RULES, entry.backends ?? names)
  }
  const service = entry['virtual-service']
  if (service !== undefined) {
    const root = documentOf(manifest, entry, { kind: 'VirtualService', name: service })
    return weightsIn(root, VIRTUAL_SERVICE_RULES, entry.backends ?? names)
  }
  const inference = entry['inference-service']
  if (inference !== undefined) {
    const root = documentOf(manifest, entry, { kind: 'InferenceService', name: inference })
    return together([
      plain(root, 'spec.predictor.model.storageUri', 'latest'),
      plain(root, 'spec.predictor.canaryTrafficPercent', 'canary-weight'),
    ])
  }
  const { image, path, holds = 'latest' } = entry
  if (image !== undefined) return imageIn(documentOf(manifest, entry), image, holds)
  return plain(documentOf(manifest, entry), path ?? '', holds)
}

function documentOf(
  manifest: ManifestText,
  entry: Manifest,
  own: { readonly kind?: string; readonly name?: string } = {},
): Cursor {
  return rootOf(manifest, selectDocument(manifest, { ...own, ...entry.document }))
}

function together(parts: readonly Fields[]): Fields {
  return {
    fields: parts.flatMap(({ fields }) => fields),
    said: parts.map(({ said }) => said),
    problems: parts.flatMap(({ problems }) => problems),
  }
}

function plain(root: Cursor, path: string, holds: Holds): Fields {
  const cursor = walk(root, parsePath(path) ?? [])
  if (cursor === undefined) throw manifestProblems.missing(`${root.manifest.file}: ${path}`)
  const place = placeOf(cursor)
  const whole = path.endsWith('canaryTrafficPercent')
  return { fields: [{ place, holds, whole, group: place.title }], said: place.value, problems: [] }
}

/** `images` of a kustomization, by name. */
function imageIn(root: Cursor, name: string, holds: Holds): Fields {
  const images = walk(root, [{ key: 'images' }])
  // The item of that name: names of images hold dots and slashes, which a path would have to quote.
  const item = images && walk(images, [{ where: 'name', is: name }])
  const where = `${titleOf(root)}: image ${name}`
  if (item === undefined) throw manifestProblems.missing(where)
  const found = ['newTag', 'digest'].flatMap((key) => walk(item, [{ key }]) ?? [])
  const [only] = found
  if (only === undefined) throw manifestProblems.missing(`${where}: newTag or digest`)
  if (found.length > 1) throw manifestProblems.several(where)
  const place = placeOf(only)
  return { fields: [{ place, holds, whole: false, group: where }], said: place.value, problems: [] }
}
