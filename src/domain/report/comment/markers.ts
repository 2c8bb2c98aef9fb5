/** The hidden HTML comments by which the sticky comment and its sections are found again. */

const LONGEST_NAME = 100
const LONGEST_URL = 2000
const LONE_SURROGATE = /[\uD800-\uDFFF]/gu

/**
 * Percent-encodes a value of a marker: no space, `<`, `>` or `--` is left, so that a hostile name
 * cannot end the HTML comment. Names are cut after 100 characters.
 */
export function encodeName(value: string): string {
  return encode([...value].slice(0, LONGEST_NAME).join(''))
}

function encode(value: string): string {
  return encodeURIComponent(value.replace(LONE_SURROGATE, '\uFFFD')).replaceAll('--', '%2D%2D')
}

/** Reads an encoded value; one that is not valid percent-encoding is returned as it stands. */
export function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    return encoded
  }
}

/** The first line of the comment of a project and workflow. */
export function commentMarker(project: string, workflow: string): string {
  return `<!-- modelway:v1 project=${encodeName(project)} workflow=${encodeName(workflow)} -->`
}

/** The lines around a section. The report's address travels with it, for later cuts. */
export function sectionMarkers(
  name: string,
  reportUrl: string | undefined,
): { readonly start: string; readonly end: string } {
  const url = reportUrl === undefined ? undefined : encode(reportUrl)
  const report = !url || url.length > LONGEST_URL ? '' : ` report=${url}`
  const encoded = encodeName(name)
  return {
    start: `<!-- modelway:section name=${encoded}${report} -->`,
    end: `<!-- modelway:end name=${encoded} -->`,
  }
}

export const COMMENT_MARKER = /^<!-- modelway:v1 project=(\S*) workflow=(\S*) -->$/
export const SECTION_START = /^<!-- modelway:section name=(\S*?)(?: report=(\S+))? -->$/
export const SECTION_END = /^<!-- modelway:end name=(\S*) -->$/

/** Makes text that looks like one of our markers visible instead, so that it marks nothing. */
export function neutraliseMarkers(markdown: string): string {
  return markdown.replace(/<!--(?=\s*modelway:)/gi, '&lt;!--')
}
