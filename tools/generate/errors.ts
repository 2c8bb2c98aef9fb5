import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { errorNotes } from './error-notes.js'
import { table } from './markdown.js'

/** One place in the source that raises an error code, with its words; `…` stands for what differs from case to case. */
interface ErrorSite {
  readonly code: string
  readonly file: string
  readonly what: readonly string[]
  readonly fix: readonly string[]
}

export interface ErrorDoc {
  readonly code: string
  readonly what: string
  readonly fix: string
}

const CODE = /^MW-[A-Z]+-\d{3}$/

/** Every error code that a literal in `src` raises, read from its syntax tree. */
export function findErrorSites(root: string): readonly ErrorSite[] {
  const sites: ErrorSite[] = []
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.ts')) continue
    const file = `src/${name.replaceAll('\\', '/')}`
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    )
    visit(source, (node) => sites.push(...sitesIn(node, file)))
  }
  return sites
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  ts.forEachChild(node, (child) => visit(child, look))
}

function sitesIn(node: ts.Node, file: string): readonly ErrorSite[] {
  const codes = codesOf(node)
  if (codes.length === 0) return []
  const object = ts.isObjectLiteralExpression(node.parent) ? node.parent : undefined
  const what = object === undefined ? [] : textsOf(object, 'what')
  const fix = object === undefined ? [] : textsOf(object, 'fix')
  return codes.map((code) => ({ code, file, what, fix }))
}

/** The codes of a `code: 'MW-…'` (or of both branches of a condition), or of a lone literal such as an argument. */
function codesOf(node: ts.Node): readonly string[] {
  if (ts.isPropertyAssignment(node) && node.name.getText() === 'code')
    return texts(node.initializer).filter((text) => CODE.test(text))
  if (ts.isTemplateHead(node)) return [...(/^(MW-[A-Z]+-\d{3}):/.exec(node.text)?.slice(1) ?? [])]
  if (!ts.isStringLiteral(node) || !CODE.test(node.text)) return []
  return isInsideCode(node) ? [] : [node.text]
}

function isInsideCode(node: ts.Node): boolean {
  const { parent } = node
  if (ts.isConditionalExpression(parent)) return isInsideCode(parent)
  return ts.isPropertyAssignment(parent) && parent.name.getText() === 'code'
}

function textsOf(object: ts.ObjectLiteralExpression, key: string): readonly string[] {
  for (const property of object.properties) {
    if (property.name?.getText() !== key) continue
    if (ts.isPropertyAssignment(property)) return texts(property.initializer)
    if (ts.isShorthandPropertyAssignment(property)) return texts(declared(property.name))
  }
  return []
}

/** The initializer of the constant that a name stands for, where the file declares one. */
function declared(identifier: ts.Identifier): ts.Expression | undefined {
  const name = identifier.text
  for (let scope: ts.Node = identifier; scope !== undefined; scope = scope.parent) {
    if (!(ts.isBlock(scope) || ts.isSourceFile(scope))) continue
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue
      const found = statement.declarationList.declarations.find(
        (declaration) => declaration.name.getText() === name,
      )
      if (found !== undefined) return found.initializer
    }
  }
  return undefined
}

/** The texts that an expression can give, as far as it is made of literals. */
function texts(expression: ts.Expression | undefined): readonly string[] {
  if (expression === undefined) return []
  if (ts.isParenthesizedExpression(expression)) return texts(expression.expression)
  if (ts.isIdentifier(expression)) return texts(declared(expression))
  if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression))
    return [expression.text]
  if (ts.isTemplateExpression(expression)) {
    const spans = expression.templateSpans.map((span) => `…${span.literal.text}`)
    return [`${expression.head.text}${spans.join('')}`]
  }
  if (ts.isConditionalExpression(expression))
    return [...texts(expression.whenTrue), ...texts(expression.whenFalse)]
  return []
}

/** Every code once, in order, with what it means and how to mend it. Throws where a code has no meaning yet. */
export function documentErrors(root: string): readonly ErrorDoc[] {
  const byCode = new Map<string, ErrorSite[]>()
  for (const site of findErrorSites(root))
    byCode.set(site.code, [...(byCode.get(site.code) ?? []), site])
  const documented = [...byCode]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, sites]) => documentOne(code, sites))
  const silent = documented.filter(({ what }) => what === '').map(({ code }) => code)
  if (silent.length === 0) return documented
  throw new Error(
    `${silent.join(', ')} has no text: say what it means in tools/generate/error-notes.ts`,
  )
}

function documentOne(code: string, sites: readonly ErrorSite[]): ErrorDoc {
  const note = errorNotes[code]
  const what = note?.what ?? joined(sites.flatMap((site) => site.what))
  const fix = note?.fix ?? joined(sites.flatMap((site) => site.fix))
  return { code, what, fix }
}

function joined(sentences: readonly string[]): string {
  return [...new Set(sentences.map(tidy))].filter((text) => text !== '').join(' / ')
}

function tidy(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  // A sentence begins with a capital, a key such as `columns.x` does not.
  return /^[a-z]+[ ,]/.test(line) ? line.charAt(0).toUpperCase() + line.slice(1) : line
}

/** What the middle part of a code says about where the error comes from, in the order of the page. */
const AREAS: readonly (readonly [area: string, title: string])[] = [
  ['CONFIG', 'The configuration file'],
  ['INPUT', 'Inputs'],
  ['PATH', 'Paths'],
  ['DATA', 'Data: reading files, fetching, the data contract'],
  ['TRAIN', 'Training'],
  ['GATE', 'The gate'],
  ['REGISTRY', 'The registry'],
  ['DEPLOY', 'Deployment'],
  ['DRIFT', 'Drift'],
  ['RECORD', 'The record'],
  ['TRACK', 'Trackers'],
  ['HOST', 'GitHub'],
  ['STATS', '`modelway stats`'],
  ['BUG', 'Bugs'],
]

/** All codes, a table an area. */
export function errorsPage(docs: readonly ErrorDoc[]): string {
  const known = new Set(AREAS.map(([area]) => area))
  const stray = docs.find(({ code }) => !known.has(areaOf(code)))
  if (stray !== undefined)
    throw new Error(`${stray.code}: name its area in tools/generate/errors.ts`)
  return AREAS.flatMap(([area, title]) => {
    const rows = docs.filter(({ code }) => areaOf(code) === area)
    return rows.length === 0 ? [] : [`## ${title}\n\n${errorsTable(rows)}`]
  }).join('\n\n')
}

/** The codes of one area: what an action's own README lists. */
export function errorsOfArea(docs: readonly ErrorDoc[], area: string): string {
  return errorsTable(docs.filter(({ code }) => areaOf(code) === area))
}

function areaOf(code: string): string {
  return code.split('-')[1] ?? ''
}

function errorsTable(docs: readonly ErrorDoc[]): string {
  const rows = docs.map(({ code, what, fix }) => [`\`${code}\``, asText(what), asText(fix)])
  return table(['Code', 'What it means', 'How to mend it'], rows)
}

/** Angle brackets outside of code would be HTML. */
function asText(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
