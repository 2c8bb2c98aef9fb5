const LONGEST = 200

/** A category's text, cut at 200 characters: a statement is no place for a megabyte from one cell. */
export function labelOf(category: string): string {
  if (category.length <= LONGEST) return category
  const characters = [...category.slice(0, LONGEST)]
  // A pair of surrogates may have been cut in two.
  const last = characters.at(-1) ?? ''
  const whole = /^[\ud800-\udbff]$/.test(last) ? characters.slice(0, -1) : characters
  return `${whole.join('')}…`
}
