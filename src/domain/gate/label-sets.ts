/**
 * The labels in a cell of a multi-label file, each once and without the spaces around them; a cell of nothing but separators
 * and spaces is the empty set.
 */
export function splitSets(separator: string): (cell: string) => string[] {
  return (cell) => {
    const labels = cell.split(separator).map((label) => label.trim())
    return [...new Set(labels.filter((label) => label !== ''))]
  }
}
