import type * as z from 'zod'

type Issue = z.core.$ZodIssue

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key))
      return undefined
    current = Reflect.get(current, key)
  }
  return current
}

/**
 * The issues that say something: of a value that may be of several forms those of the form that it has, and of one place nothing
 * that follows from the first.
 */
export function fittingIssues(issues: readonly Issue[], value: unknown): readonly Issue[] {
  const found = issues.flatMap((issue) => fitting(issue, value))
  const badAddresses = new Set(
    found
      .filter((issue) => issue.code === 'invalid_format' && issue.format === 'url')
      .map(({ path }) => path.join('\n')),
  )
  return found.filter(
    (issue) => issue.code !== 'custom' || !badAddresses.has(issue.path.join('\n')),
  )
}

function fitting(issue: Issue, value: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const given = valueAt(value, issue.path)
  if (given === undefined) return [issue]
  const depth = issue.path.length
  const forms = issue.errors
    .map((form) =>
      form.flatMap((one) => fitting({ ...one, path: [...issue.path, ...one.path] }, value)),
    )
    .filter((form) => !form.some((one) => isOtherForm(one, depth, given)))
  const [first] = forms
  return first !== undefined && (forms.length === 1 || sameWords(forms)) ? first : [issue]
}

/** Whether the value is of another form altogether: text where a list should be. */
function isOtherForm(issue: Issue, depth: number, given: unknown): boolean {
  if (issue.path.length > depth) return false
  if (issue.code === 'invalid_value') return typeof given === 'object'
  return issue.code === 'invalid_type' || issue.code === 'invalid_union'
}

function sameWords(forms: readonly (readonly Issue[])[]): boolean {
  return new Set(forms.map((form) => form.map(({ message }) => message).join('\n'))).size === 1
}
