/**
 * Mermaid's xy charts, which GitHub draws without hosting. Its grammar has no escape inside quotes, so a label from outside
 * keeps letters, digits and a few signs only: none that ends a quotation, a bracket, a line, a fence, or begins a
 * directive (`%%{init`), a comment, an entity, a link or HTML.
 */

export interface XyChart {
  readonly title: string
  /** Names along the x axis, from outside; made safe and distinct here. */
  readonly labels: readonly string[]
  readonly unit: string
  readonly horizontal?: boolean | undefined
  readonly series: readonly Series[]
}

interface Series {
  readonly kind: 'bar' | 'line'
  readonly colour: keyof typeof COLOURS
  readonly values: readonly number[]
}

/** Readable on white and on black: a theme's own are too pale for bars. */
const COLOURS = { first: '#4c8ed9', second: '#d9822b', faint: '#8b949e' } as const

/** Beyond this, a number would be written with an exponent, which the grammar does not have. */
const LARGEST = 1e12

/** The chart in its fence; empty where there is nothing that could be drawn. */
export function xyChart({ title, labels, unit, horizontal, series }: XyChart): string {
  const values = series.flatMap((one) => one.values)
  const drawable = values.every((value) => Math.abs(value) < LARGEST)
  const whole = series.every((one) => one.values.length === labels.length)
  if (labels.length === 0 || !drawable || !whole) return ''
  const [low, high] = range(values)
  return [
    '```mermaid',
    '---',
    'config:',
    '  themeVariables:',
    '    xyChart:',
    `      plotColorPalette: "${series.map(({ colour }) => COLOURS[colour]).join(', ')}"`,
    '---',
    `xychart-beta${horizontal === true ? ' horizontal' : ''}`,
    `  title "${mermaidLabel(title, 80)}"`,
    `  x-axis [${distinct(labels)
      .map((label) => `"${label}"`)
      .join(', ')}]`,
    `  y-axis "${mermaidLabel(unit)}" ${decimal(low)} --> ${decimal(high)}`,
    ...series.map((one) => `  ${one.kind} [${one.values.map(decimal).join(', ')}]`),
    '```',
  ].join('\n')
}

/** A text inside a quotation of a mermaid chart; a dot stands for what is left out. */
export function mermaidLabel(text: string, most = 28): string {
  const plain = text
    .slice(0, 8 * most)
    .replace(/[^\p{L}\p{M}\p{N} .,()=+_/−–-]+/gu, '·')
    .replace(/--+/g, '–')
    .trim()
  const characters = [...plain]
  const cut =
    characters.length <= most
      ? plain
      : `${characters
          .slice(0, most - 1)
          .join('')
          .trimEnd()}…`
  return cut === '' ? '·' : cut
}

/** Equal labels would fall on one place of the axis. */
function distinct(labels: readonly string[]): string[] {
  const seen = new Set<string>()
  return labels.map((text) => {
    const label = mermaidLabel(text)
    let name = label
    for (let again = 2; seen.has(name); again++) name = `${label} (${again})`
    seen.add(name)
    return name
  })
}

/** Zero is always in it, and it is never empty. */
function range(values: readonly number[]): readonly [number, number] {
  const low = Math.min(0, ...values)
  const high = Math.max(0, ...values)
  return low === high ? [low, low + 1] : [low, high]
}

/** Without an exponent: four decimals for small numbers. */
function decimal(value: number): string {
  const text = value.toFixed(Math.abs(value) < 100 ? 4 : 1).replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}
