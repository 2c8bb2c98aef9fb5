/** A command as a comment's first line has it. */
export interface CommandLine {
  readonly word: string
  /** What follows, without the spaces around it. */
  readonly rest: string
}

/** Longer lines are no commands, and are not looked at. */
const LONGEST = 1000

/**
 * The command that a comment begins with: `/word` at the very start of its first line, then the end or a space. What is
 * quoted, indented, in a code block, or on a later line is none. Undefined for every other comment.
 */
export function commandLineOf(body: string): CommandLine | undefined {
  const [line = ''] = body.slice(0, LONGEST + 1).split(/[\r\n]/, 1)
  if (line.length > LONGEST) return undefined
  const match = /^\/([a-z]+)(?:[ \t]+(\S.*))?$/.exec(line.trimEnd())
  return match?.[1] === undefined ? undefined : { word: match[1], rest: match[2] ?? '' }
}
