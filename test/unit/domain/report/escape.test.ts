import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  code,
  escapeHtml,
  escapeMarkdown,
  escapeUpTo,
  table,
} from '../../../../src/domain/report/escape.js'

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.stringMatching(
    /^(?:@org\/team|@me|#12|GH-3|o\/r#4|https:\/\/x\.y|www\.x\.y|a@b\.co|\[a\]\(b\)|!\[i\]\(j\)|<img>|<!-- x -->|\*\*b\*\*|_i_|~~s~~|`c`|\|| {4}|\n|```|1\. |- |> |# |&lt;|&#64;|\\|:tada:|\$m\$){0,8}$/,
  ),
)

/** The text as a reader of the entities and comments that we write would see it. */
function decode(markdown: string): string {
  return markdown
    .replaceAll('<!-- -->', '')
    .replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
}

describe('escapeMarkdown', () => {
  it('leaves nothing that Markdown, HTML or a table gives a meaning to', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const rest = escapeMarkdown(text)
          .replaceAll('<!-- -->', '')
          .replace(/&#\d+;/g, '')
        expect(rest).not.toMatch(/[\\`*_{}[\]()<>#+\-!|~&@:$^="'/\n\r\t]/)
        expect(rest).not.toMatch(/www\./i)
        expect(escapeMarkdown(text)).not.toMatch(/^\s|\s$/)
      }),
      { seed: 2 },
    )
  })

  it('breaks mentions, issues and addresses in what the entities become', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const nodes = escapeMarkdown(text)
          .split('<!-- -->')
          .map((part) => decode(part))
        for (const node of nodes) expect(node).not.toMatch(/[@#].|\bgh-./is)
      }),
      { seed: 3 },
    )
  })

  it('shows the text that it was given', () => {
    expect(decode(escapeMarkdown('naïve|<b> @me #1 1. x'))).toBe('naïve|<b> @me #1 1. x')
    expect(escapeMarkdown('12. x')).toBe('12&#46; x')
    expect(escapeMarkdown('    code')).toBe('code')
  })

  it('escapes longer texts alike, up to the length that is asked for', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        expect(escapeUpTo(300, text)).toBe(escapeMarkdown(text))
      }),
      { seed: 7 },
    )
    expect(escapeUpTo(600, 'm'.repeat(700))).toBe(`${'m'.repeat(599)}…`)
  })

  it('is one line of at most 300 characters before it is escaped', () => {
    expect(escapeMarkdown('m'.repeat(1_000_000))).toBe(`${'m'.repeat(299)}…`)
    expect(escapeMarkdown('a\u202eb\r\nc\u0000d')).toBe('a b c d')
  })
})

describe('code', () => {
  it('holds no character of ASCII but letters, digits, spaces and entities', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        const inner = code(text).slice('<code>'.length, -'</code>'.length)
        expect(inner.replace(/&#\d+;/g, '')).toMatch(/^[\p{L}\p{N} ]*$/u)
      }),
      { seed: 4 },
    )
  })
})

describe('escapeHtml', () => {
  it('ends no attribute and begins no tag', () => {
    fc.assert(
      fc.property(HOSTILE, (text) => {
        expect(escapeHtml(text).replace(/&#\d+;/g, '')).not.toMatch(/[&<>"'`]/)
      }),
      { seed: 5 },
    )
  })
})

describe('table', () => {
  it('has as many cells in each row as it was given, whatever they hold', () => {
    fc.assert(
      fc.property(HOSTILE, HOSTILE, (a, b) => {
        const lines = table(['x', 'y'], [[escapeMarkdown(a), code(b)]])
          .trimEnd()
          .split('\n')
        expect(lines).toHaveLength(3)
        expect(lines[2]?.split('|')).toHaveLength(4)
      }),
      { seed: 6 },
    )
    expect(table(['x'], [])).toBe('')
  })
})
