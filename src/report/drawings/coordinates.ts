/** A coordinate with one decimal: hundreds of drawings are a large part of a page. */
export function at(value: number): string {
  return String(Number(value.toFixed(1)))
}
