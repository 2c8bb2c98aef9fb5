import { printable } from '../../adapters/host/printable.js'

/** Text from files on one line of a terminal: nothing in it steers it, and none of it begins another line. */
export function oneLine(text: string): string {
  return printable(text)
    .replaceAll(/[\n\t]/g, '?')
    .slice(0, 300)
}
