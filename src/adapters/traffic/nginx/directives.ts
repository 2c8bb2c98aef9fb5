/** One directive of a configuration, with what stands in its block. */
export interface Directive {
  readonly name: string
  readonly args: readonly string[]
  /** Undefined where it has no block. */
  readonly block: readonly Directive[] | undefined
}

interface Token {
  readonly text: string
  readonly isQuoted: boolean
}

const TOKEN =
  /\s+|#[^\n]*|[{};]|"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|(?:\$\{[^}]*\}|\\[\s\S]|[^\s{};"'])(?:\$\{[^}]*\}|\\[\s\S]|[^\s{};])*/y

/** The directives of a file in nginx's language. What is left open ends with the file: nginx itself has taken it. */
export function directivesIn(text: string): readonly Directive[] {
  const tokens = tokensIn(text)
  let at = 0
  const block = (): readonly Directive[] => {
    const found: Directive[] = []
    let words: string[] = []
    while (at < tokens.length) {
      const { text: word = '', isQuoted = false } = tokens[at++] ?? {}
      if (!isQuoted && word === '}') break
      if (isQuoted || (word !== ';' && word !== '{')) {
        words.push(word)
        continue
      }
      const [name = '', ...args] = words
      words = []
      found.push({ name, args, block: word === '{' ? block() : undefined })
    }
    return found
  }
  return block()
}

function tokensIn(text: string): readonly Token[] {
  const tokens: Token[] = []
  let isLua = false
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < text.length; ) {
    const start = TOKEN.lastIndex
    const [whole, double, single] = TOKEN.exec(text) ?? []
    if (whole === undefined) {
      TOKEN.lastIndex = start + 1
      continue
    }
    const quoted = double ?? single
    if (quoted !== undefined) tokens.push({ text: unescaped(quoted), isQuoted: true })
    else if (/^[^\s#]/.test(whole)) tokens.push({ text: whole, isQuoted: false })
    if (isLua && whole === '{') {
      isLua = false
      TOKEN.lastIndex = endOfBlock(text, TOKEN.lastIndex)
    } else if (whole.endsWith('_by_lua_block')) isLua = true
  }
  return tokens
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1')
}

/** Where the brace stands that ends a block of another language. */
function endOfBlock(text: string, start: number): number {
  let depth = 1
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth++
    if (text[at] === '}' && --depth === 0) return at
  }
  return text.length
}

const FILE = /^# configuration file (\/.*):$/gm

/** The files that `nginx -T` shows, by path; the main one first. */
export function filesIn(dump: string): ReadonlyMap<string, string> {
  const heads = [...dump.matchAll(FILE)]
  return new Map(
    heads.map((head, i) => [
      head[1] ?? '',
      dump.slice(head.index + head[0].length, heads[i + 1]?.index ?? dump.length),
    ]),
  )
}

/** The whole configuration, with what is included in its places. */
export function wholeOf(files: ReadonlyMap<string, string>): readonly Directive[] {
  const [main = ''] = files.keys()
  const folder = main.slice(0, main.lastIndexOf('/') + 1)
  const expand = (directives: readonly Directive[], depth: number): readonly Directive[] =>
    directives.flatMap((one) => {
      if (one.name !== 'include' || depth > 20) {
        return [{ ...one, block: one.block && expand(one.block, depth) }]
      }
      const wanted = matcherOf(one.args[0] ?? '', folder)
      return [...files].flatMap(([path, text]) =>
        wanted.test(path) ? expand(directivesIn(text), depth + 1) : [],
      )
    })
  return expand(directivesIn(files.get(main) ?? ''), 0)
}

function matcherOf(pattern: string, folder: string): RegExp {
  const whole = pattern.startsWith('/') ? pattern : folder + pattern
  const source = whole
    .replace(/[\\^$.|+(){}]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
  try {
    return new RegExp(`^${source}$`)
  } catch {
    return /^$/
  }
}
