import type { Step } from '../../../domain/gitops/path.js'
import type { UserError } from '../../../errors.js'
import type { Field, Fields, Holds, Names } from './fields.js'
import { manifestProblems } from './problems.js'
import { type Cursor, itemsOf, type Place, placeOf, stepInto, titleOf, walk } from './yaml-text.js'

/** Where an object keeps its rules, their backends and the backends' names. */
interface RulesForm {
  readonly list: readonly Step[]
  readonly backends: string
  /** The first that is there is the name. */
  readonly names: readonly (readonly Step[])[]
  readonly whole: boolean
}

export const HTTP_ROUTE_RULES: RulesForm = {
  list: [{ key: 'spec' }, { key: 'rules' }],
  backends: 'backendRefs',
  names: [[{ key: 'name' }]],
  whole: false,
}

export const VIRTUAL_SERVICE_RULES: RulesForm = {
  list: [{ key: 'spec' }, { key: 'http' }],
  backends: 'route',
  names: [
    [{ key: 'destination' }, { key: 'subset' }],
    [{ key: 'destination' }, { key: 'host' }],
  ],
  whole: true,
}

interface BackendAt {
  readonly cursor: Cursor
  readonly name: string
  readonly weight: Place | undefined
}

/** The weights of each rule that has one of the two versions. */
export function weightsIn(root: Cursor, form: RulesForm, names: Names): Fields {
  const rules = itemsOf(walk(root, form.list)).map((rule) => backendsOf(rule, form))
  const ours = rules.filter((backends) =>
    backends.some(({ name }) => name === names.stable || name === names.canary),
  )
  const problems =
    ours.length === 0
      ? [manifestProblems.noBackend(titleOf(root), names.stable)]
      : ours.flatMap((backends) => problemsOf(backends, names, titleOf(root)))
  return {
    fields: ours.flatMap((backends) => fieldsOf(backends, names, form.whole)),
    said: rules.map((backends) =>
      backends.map(({ name, weight }) => [name, weight?.value ?? null]),
    ),
    problems,
  }
}

function backendsOf(rule: Cursor, form: RulesForm): readonly BackendAt[] {
  return itemsOf(stepInto(rule, { key: form.backends })).map((cursor) => {
    const named = form.names.map((steps) => walk(cursor, steps)).find((one) => one !== undefined)
    const weight = stepInto(cursor, { key: 'weight' })
    return {
      cursor,
      name: named === undefined ? '' : String(placeOf(named).value),
      weight: weight && placeOf(weight),
    }
  })
}

function problemsOf(
  backends: readonly BackendAt[],
  { stable, canary }: Names,
  where: string,
): readonly UserError[] {
  const lacking = [stable, canary].filter(
    (wanted) => wanted !== undefined && !backends.some(({ name }) => name === wanted),
  )
  const pairs = lacking.map((name) => manifestProblems.noPair(where, name ?? ''))
  const own = backends.filter(({ name }) => name === stable || name === canary)
  const bare = own.filter(({ weight }) => weight === undefined)
  const others = backends.filter(
    ({ name, weight }) => name !== stable && name !== canary && Number(weight?.value ?? 1) !== 0,
  )
  return [
    ...pairs,
    ...bare.map(({ cursor }) => manifestProblems.missing(`${titleOf(cursor)}.weight`)),
    ...(canary === undefined
      ? []
      : others.map(({ cursor, name }) => manifestProblems.thirdBackend(titleOf(cursor), name))),
  ]
}

function fieldsOf(
  backends: readonly BackendAt[],
  { stable, canary }: Names,
  whole: boolean,
): readonly Field[] {
  const roleOf = (name: string): Holds => {
    if (name === stable) return 'stable-weight'
    return name === canary ? 'canary-weight' : 'other-weight'
  }
  const group = backends[0]?.cursor === undefined ? '' : titleOf(backends[0].cursor)
  return backends.flatMap(({ name, weight }) =>
    weight === undefined ? [] : [{ place: weight, holds: roleOf(name), whole, group }],
  )
}
