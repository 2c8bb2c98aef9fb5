import { UserError } from '../../../errors.js'
import type { Splitter } from '../../../ports/splitter.js'
import type { KubernetesClient } from './client/index.js'
import { refTo, titleOf, VIRTUAL_SERVICE } from './client/resource.js'
import { isJson, type Json, numberAt, objectsAt, textAt } from './json.js'
import { generationOf, IN_FORCE, type Progress } from './wait.js'
import type { Dialect } from './weighted-rules/dialect.js'
import { createWeightedRules } from './weighted-rules/splitter.js'
import { requireWholePercent } from './whole-percent.js'

export interface IstioOptions {
  readonly client: KubernetesClient
  /** Else the one of the kubeconfig's context. */
  readonly namespace?: string | undefined
  readonly virtualService: string
  /** Only the http route of that name; else each that sends to one of the versions. */
  readonly route?: string | undefined
  /** Whether versions are told apart by the subset of one host, or by hosts. */
  readonly by: 'subset' | 'host'
  readonly timeoutMs: number
}

function dialectBy(by: 'subset' | 'host'): Dialect {
  const nameOf = (backend: Json) => textAt(backend, 'destination', by)
  const mirrored = (rule: Json) => ({ destination: rule['mirror'] })
  return {
    kind: 'istio',
    list: ['spec', 'http'],
    backends: 'route',
    what: by,
    split: 'chance',
    nameOf,
    renamed: (backend, name) => ({
      ...backend,
      destination: {
        ...(isJson(backend['destination']) ? backend['destination'] : {}),
        [by]: name,
      },
    }),
    // A single route without a weight gets everything, one of several nothing.
    weightOf: (backend, count) => numberAt(backend, 'weight') ?? (count === 1 ? 100 : 0),
    weights: (percent) => {
      // Its definition takes 150 and -5 too; only Istio's own webhook, where there is one, does not.
      requireWholePercent(percent)
      return { stable: 100 - percent, canary: percent }
    },
    mirrorOf: (rule, canary) =>
      nameOf(mirrored(rule)) === canary ? (numberAt(rule, 'mirrorPercentage', 'value') ?? 100) : 0,
    withMirror: (rule, canary, percent) => {
      const isOurs = nameOf(mirrored(rule)) === nameOf(canary)
      if (percent === 0 && !isOurs) return rule
      const { mirror: _mirror, mirrorPercentage: _value, mirrorPercent: _old, ...rest } = rule
      if (percent === 0) return rest
      return { ...rest, mirror: canary['destination'], mirrorPercentage: { value: percent } }
    },
  }
}

/** Divides by the weights of an Istio VirtualService's http routes. */
export function createIstioSplitter(options: IstioOptions): Splitter {
  const { client, route, by, timeoutMs } = options
  const ref = refTo(VIRTUAL_SERVICE, options.namespace ?? client.namespace, options.virtualService)
  return createWeightedRules({
    client,
    ref,
    dialect: dialectBy(by),
    rule: route,
    limitMs: timeoutMs,
    progress: meshProgress,
    urlOf: () => undefined,
    refuseMirror: async (object) => {
      for (const rule of objectsAt(object, 'spec', 'http')) {
        if (objectsAt(rule, 'mirrors').length === 0) continue
        throw new UserError({
          code: 'MW-DEPLOY-125',
          where: titleOf(ref),
          what: 'it has mirrors of its own, and Istio takes either mirrors or mirror.',
          fix: 'Take its mirrors out, or leave deploy.mirror out.',
        })
      }
    },
  })
}

/** Istio says which generation it has seen only where its status is turned on; elsewhere the write is all that is known. */
function meshProgress(object: Json): Progress {
  const observed = numberAt(object, 'status', 'observedGeneration')
  const text = textAt(object, 'status', 'observedGeneration')
  const seen = observed ?? (text === undefined ? undefined : Number(text))
  if (seen !== undefined && seen < generationOf(object)) {
    return { is: 'waiting', on: 'Istio has not looked at it yet' }
  }
  const wrong = objectsAt(object, 'status', 'validationMessages').find(
    (message) => textAt(message, 'level') === 'ERROR',
  )
  if (wrong === undefined) return IN_FORCE
  return { is: 'refused', because: textAt(wrong, 'type', 'code') ?? 'it is not valid' }
}
