import { labelOf } from '../label.js'

/** A name from the data or the settings, in quotes and cut. */
export function quoted(text: string): string {
  return JSON.stringify(labelOf(text))
}

/** The first ten names. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map(labelOf).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}
