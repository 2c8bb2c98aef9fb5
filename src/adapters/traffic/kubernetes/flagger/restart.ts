import type { Operation } from '../client/index.js'
import { at, type Json, pointer, textAt } from '../json.js'

/** In the pod template: a new value is a new revision, for which Flagger begins again at 0. */
const RESTART_ANNOTATION = 'modelway.dev/restart'
const ANNOTATIONS = ['spec', 'template', 'metadata', 'annotations'] as const

/** Makes a revision of the same version. */
export function restarted(target: Json): readonly Operation[] {
  const now = textAt(target, ...ANNOTATIONS, RESTART_ANNOTATION)
  const next = String((/^\d{1,9}$/.test(now ?? '') ? Number(now) : 0) + 1)
  return annotated(target, next)
}

/** Makes a template that differs from the primary's in nothing that we have put there. */
export function asIn(primary: Json, target: Json): readonly Operation[] {
  return annotated(target, textAt(primary, ...ANNOTATIONS, RESTART_ANNOTATION))
}

function annotated(target: Json, value: string | undefined): readonly Operation[] {
  const path = pointer(...ANNOTATIONS, RESTART_ANNOTATION)
  const now = textAt(target, ...ANNOTATIONS, RESTART_ANNOTATION)
  if (now === value) return []
  if (value === undefined) return [{ op: 'remove', path }]
  const metadata = pointer('spec', 'template', 'metadata')
  const isFirst = at(target, ...ANNOTATIONS) === undefined
  const make: Operation = { op: 'add', path: `${metadata}/annotations`, value: {} }
  return [...(isFirst ? [make] : []), { op: 'add', path, value }]
}
