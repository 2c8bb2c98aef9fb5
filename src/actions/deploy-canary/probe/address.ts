import type { Backend } from '../../../ports/traffic.js'
import { unfitPart } from './refusal.js'

/** The address of the settings with `{version}` and `{name}` filled in, else the version's own; undefined where there is none. */
export function addressOf(
  key: 'url' | 'stable-url',
  pattern: string | undefined,
  backend: Backend | undefined,
): string | undefined {
  if (pattern === undefined) return backend?.url
  return pattern.replace(/\{(version|name)\}/g, (_whole, part: 'version' | 'name') => {
    const value = backend?.[part] ?? ''
    if (!/^[\w.-]+$/.test(value)) throw unfitPart(key, part, value)
    return value
  })
}
