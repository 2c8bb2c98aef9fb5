/** Colours are the page's CSS variables, so that a chart follows light and dark. */
export const colours = {
  text: 'var(--text)',
  faint: 'var(--faint)',
  line: 'var(--line)',
  first: 'var(--first)',
  second: 'var(--second)',
  good: 'var(--good)',
  bad: 'var(--bad)',
  unsure: 'var(--unsure)',
} as const

/** Axis labels, lines and grid in the page's colours. */
export const axisStyle = {
  axisLabel: { color: colours.text },
  axisLine: { lineStyle: { color: colours.faint } },
  axisTick: { lineStyle: { color: colours.faint } },
  splitLine: { lineStyle: { color: colours.line } },
  nameTextStyle: { color: colours.text },
} as const

/** A name from outside, short enough for an axis. */
export function label(text: string, most = 24): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
