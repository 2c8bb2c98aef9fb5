interface Fence {
  readonly character: string
  readonly length: number
}

/** The fence that is open after `line`, given the one that was open before it (CommonMark 0.31, 4.5). */
export function fenceAfter(line: string, open: Fence | undefined): Fence | undefined {
  const match = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line)
  if (match === null) return open
  const run = match[1] ?? ''
  const rest = match[2] ?? ''
  const character = run.charAt(0)
  if (open === undefined) {
    return character === '`' && rest.includes('`') ? undefined : { character, length: run.length }
  }
  const closes = character === open.character && run.length >= open.length && rest.trim() === ''
  return closes ? undefined : open
}

/** How many `<details>` a line opens (positive) or closes (negative). */
export function detailsChange(line: string): number {
  const opened = line.match(/<details[\s>]/gi)?.length ?? 0
  const closed = line.match(/<\/details\s*>/gi)?.length ?? 0
  return opened - closed
}

/**
 * Closes the code fence and the `<details>` blocks that a Markdown text leaves open, so that what
 * follows it on the page is not swallowed. A balanced text is returned as it is.
 */
export function balanceMarkdown(markdown: string): string {
  let fence: Fence | undefined
  let details = 0
  for (const line of markdown.split('\n')) {
    const before = fence
    fence = fenceAfter(line, fence)
    if (before === undefined && fence === undefined) {
      details = Math.max(0, details + detailsChange(line))
    }
  }
  const closers: string[] = []
  if (fence !== undefined) closers.push(fence.character.repeat(fence.length))
  if (details > 0) closers.push('', '</details>'.repeat(details))
  return closers.length === 0 ? markdown : [markdown, ...closers].join('\n')
}
