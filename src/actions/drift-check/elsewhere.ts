import type { DriftSection } from '../../config/drift.js'
import type { DriftFinding } from '../../domain/drift/predicate.js'

/** The time that windows are cut by always differs, and labels that are not known yet are missing: neither is an input. */
export function isElsewhere(
  { time, performance, columns, tests }: DriftSection,
  name: string,
): boolean {
  const { datetime, critical, importance } = columns
  const asked = [...datetime, ...critical, ...Object.keys(tests), ...Object.keys(importance)]
  return (name === time?.column || name === performance?.label) && !asked.includes(name)
}

/** What is said of those that are among these columns. */
export function elsewhere(
  settings: DriftSection,
  names: readonly string[],
): readonly DriftFinding[] {
  return names
    .filter((name) => isElsewhere(settings, name))
    .map((column) => ({
      kind: 'not-compared',
      column,
      detail:
        column === settings.time?.column
          ? 'the time that windows are cut by; name it in columns.datetime to compare it'
          : 'the label; name it in columns.critical or tests to compare it',
    }))
}
