import { escapeHtml } from '../domain/report/escape.js'

/** HTML that is safe as it stands. */
export interface Html {
  readonly html: string
}

type Part = Html | string | number | undefined | readonly Html[]

/** A template whose values are escaped, unless they are HTML made by this function. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  let text = strings[0] ?? ''
  for (const [index, value] of values.entries()) text += render(value) + (strings[index + 1] ?? '')
  return { html: text }
}

/** HTML from a source that escapes by itself, such as a chart library's SVG. */
export function trusted(markup: string): Html {
  return { html: markup }
}

function render(value: Part): string {
  if (value === undefined) return ''
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
  if ('html' in value) return value.html
  return value.map((part) => part.html).join('')
}
