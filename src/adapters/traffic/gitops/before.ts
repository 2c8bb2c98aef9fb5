import { createHash } from 'node:crypto'
import type { Registers } from '../../../ports/forge.js'
import { jsonOf } from '../json-text.js'
import { at, isJson } from '../kubernetes/json.js'
import type { Before } from './plan.js'

/** What stood in the places before the rollout that is under way. */
export interface BeforeStore {
  /** Empty where nothing is kept for this stable version. */
  read(stable: string): Promise<Before>
  /** Keeps it, unless it is kept for this stable version already: a second preparation sees the first one's values. */
  keep(stable: string, values: Before): Promise<void>
  forget(): Promise<void>
}

const TRIES = 5

/** In a register of the forge: the repository with the manifests shows it to nobody. */
export function createBeforeStore(
  register: { readonly registers: Registers; readonly name: string } | undefined,
): BeforeStore {
  if (register === undefined) return inMemory()
  const { registers } = register
  const name = `gitops/${createHash('sha256').update(register.name).digest('hex').slice(0, 24)}`
  const write = async (wanted: (now: string | undefined) => string | undefined) => {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const found = await registers.read(name)
      const text = wanted(found?.content)
      if (text === undefined || text === found?.content) return
      if (await registers.write(name, text, found?.version)) return
    }
  }
  return {
    read: async (stable) => valuesIn((await registers.read(name))?.content, stable) ?? {},
    keep: (stable, values) =>
      write((now) =>
        valuesIn(now, stable) === undefined ? JSON.stringify({ stable, values }) : undefined,
      ),
    forget: () => write((now) => (now === undefined ? undefined : '{}')),
  }
}

function inMemory(): BeforeStore {
  let kept: { readonly stable: string; readonly values: Before } | undefined
  return {
    read: async (stable) => (kept?.stable === stable ? kept.values : {}),
    keep: async (stable, values) => {
      if (kept?.stable !== stable) kept = { stable, values }
    },
    forget: async () => {
      kept = undefined
    },
  }
}

function valuesIn(text: string | undefined, stable: string): Before | undefined {
  const kept = jsonOf(text ?? '')
  const values = at(kept, 'values')
  if (at(kept, 'stable') !== stable || !isJson(values)) return undefined
  const plain = Object.entries(values).filter(
    (entry): entry is [string, string | number] =>
      typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  return Object.fromEntries(plain)
}
