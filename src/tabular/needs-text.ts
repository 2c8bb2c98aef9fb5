/** Thrown when a column of 64-bit integers, or of decimals without decimals, holds one that a double would change: read again as text. */
export class NeedsText extends Error {
  override readonly name = 'NeedsText'
}
