/** One step into a manifest: a key, a place in a list, or the one item of a list with a field of some value. */
export type Step =
  | { readonly key: string }
  | { readonly index: number }
  | { readonly where: string; readonly is: string }

const KEY = /^[^.[\]"\s]+/
const BRACKET = /^\[(?:(\d{1,6})|"((?:[^"\\]|\\.)+)"|([A-Za-z][\w-]*)=([^\]\s]+))\]/

/**
 * Reads a path such as `spec.template.containers[name=model].image`, `a[0].b` or `annotations["a.b/c"]`. Undefined where it is
 * none.
 */
export function parsePath(text: string): readonly Step[] | undefined {
  const steps: Step[] = []
  let rest = text
  while (rest !== '') {
    if (steps.length > 0 && rest.startsWith('.')) rest = rest.slice(1)
    else if (steps.length > 0 && !rest.startsWith('[')) return undefined
    const found = stepIn(rest)
    if (found === undefined) return undefined
    steps.push(found.step)
    rest = rest.slice(found.length)
  }
  return steps.length === 0 ? undefined : steps
}

function stepIn(text: string): { readonly step: Step; readonly length: number } | undefined {
  const key = KEY.exec(text)?.[0]
  if (key !== undefined) return { step: { key }, length: key.length }
  const match = BRACKET.exec(text)
  if (match === null) return undefined
  const [{ length }, index, quoted, where, is] = match
  if (index !== undefined) return { step: { index: Number(index) }, length }
  if (where !== undefined && is !== undefined) return { step: { where, is }, length }
  return { step: { key: (quoted ?? '').replaceAll(/\\(.)/g, '$1') }, length }
}
