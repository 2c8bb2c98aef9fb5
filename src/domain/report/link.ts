/** An address as it can stand in Markdown's round brackets; undefined for what is no address of the web, and for a very long one. */
export function linkAddress(url: string): string | undefined {
  if (!/^(?:https?|file):\/\//i.test(url) || url.length > 2000) return undefined
  return url.replace(/[\s<>()[\]"'\\`]/g, (character) => encodeAlways(character))
}

function encodeAlways(character: string): string {
  const code = character.charCodeAt(0)
  if (code > 0x7f) return encodeURIComponent(character)
  return `%${code.toString(16).toUpperCase().padStart(2, '0')}`
}

/** A link with our own words; the words alone where the address is none. */
export function link(words: string, url: string | undefined): string {
  const address = url === undefined ? undefined : linkAddress(url)
  return address === undefined ? words : `[${words}](${address})`
}
