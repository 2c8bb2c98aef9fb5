import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseDocument } from 'yaml'
import {
  type Edit,
  parseManifest,
  placeOf,
  rootOf,
  selectDocument,
  splice,
  walk,
} from '../../../../../src/adapters/traffic/gitops/yaml-text.js'
import { parsePath } from '../../../../../src/domain/gitops/path.js'

function edit(text: string, path: string, value: string | number): Edit {
  const manifest = parseManifest('f.yaml', text)
  const cursor = walk(rootOf(manifest, 0), parsePath(path) ?? [])
  if (cursor === undefined) throw new Error(`no ${path}`)
  return { place: placeOf(cursor), value }
}

function spliced(text: string, path: string, value: string | number): string {
  return splice(parseManifest('f.yaml', text), [edit(text, path, value)])
}

describe('a value in a manifest', () => {
  it.each([
    [
      'tag: v1 # {"$imagepolicy": "flux-system:app:tag"}\n',
      'v2',
      'tag: v2 # {"$imagepolicy": "flux-system:app:tag"}\n',
    ],
    ['tag:   "v1"   # c\n', 'v2', 'tag:   "v2"   # c\n'],
    ["tag: 'it''s'\r\nb: 1\r\n", "o'k", "tag: 'o''k'\r\nb: 1\r\n"],
    ['{tag: v1, b: 2}\n', 'v2', '{tag: v2, b: 2}\n'],
    ['\uFEFFtag: v1\n', 'v2', '\uFEFFtag: v2\n'],
    ['tag: 50\n', 25, 'tag: 25\n'],
    ['tag: "50"\n', 25, 'tag: "25"\n'],
    ['tag: v1', 'naïve', 'tag: "naïve"'],
  ] as const)('is replaced and nothing else: %j', (text, value, wanted) => {
    expect(spliced(text, 'tag', value)).toBe(wanted)
  })

  it.each(['1.10', '1e3', 'on', 'yes', 'null', '0x1f', '12:30:45', '~', '007', 'true', '1_000'])(
    'is quoted where a reader of YAML 1.1 or 1.2 would take %j for something else',
    (value) => {
      expect(spliced('tag: v1\n', 'tag', value)).toBe(`tag: ${JSON.stringify(value)}\n`)
    },
  )

  it('is whatever was asked for, and the rest stays to the letter', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    const forms = fc.constantFrom('v1', '"v1"', "'v1'")
    fc.assert(
      fc.property(text, forms, (value, form) => {
        fc.pre(!/[\p{Cc}\p{Cs}\u2028\u2029\uFEFF\u0085]/u.test(value))
        const before = `# naïve|<b>\na: [1,  2]\ntag: ${form}  # keep\nz: {y:   x}\n`
        const changed = spliced(before, 'tag', value)
        const [start, end] = [before.indexOf(form), before.length - before.indexOf('  # keep')]
        expect(changed.slice(0, start)).toBe(before.slice(0, start))
        expect(changed.slice(changed.length - end)).toBe(before.slice(before.length - end))
        expect(parseDocument(changed).get('tag')).toBe(value)
      }),
      { seed: 6, numRuns: 200 },
    )
  })

  it('is changed in several places of several documents at once', () => {
    const text = 'a: 1\nb: x\n---\nkind: K\nc: [1, 2]\n'
    const manifest = parseManifest('f.yaml', text)
    const at = (document: number, path: string) => {
      const cursor = walk(rootOf(manifest, document), parsePath(path) ?? [])
      if (cursor === undefined) throw new Error(path)
      return placeOf(cursor)
    }
    const changed = splice(manifest, [
      { place: at(0, 'a'), value: 1000 },
      { place: at(1, 'c[1]'), value: 7 },
      { place: at(0, 'b'), value: 'longer' },
    ])
    expect(changed).toBe('a: 1000\nb: longer\n---\nkind: K\nc: [1, 7]\n')
  })

  it.each([
    ['a: &x v1\nb: *x\n', 'a', /MW-DEPLOY-405: f.yaml: a: .*anchor/],
    ['a: &x v1\nb: *x\n', 'b', /MW-DEPLOY-405.*alias/],
    ['d: &d {tag: v1}\nb: *d\n', 'd.tag', /MW-DEPLOY-405.*anchor/],
    ['a: !!str v1\n', 'a', /MW-DEPLOY-405.*tag/],
    ['a: {b: 1}\n', 'a', /MW-DEPLOY-405.*no text/],
    ['a: [1]\n', 'a', /MW-DEPLOY-405/],
    ['a: true\n', 'a', /MW-DEPLOY-405/],
    ['a:\nb: 1\n', 'a', /MW-DEPLOY-405/],
    ['a: |\n  v1\n', 'a', /MW-DEPLOY-405.*one line/],
    ['a: one\n  two\n', 'a', /MW-DEPLOY-405.*one line/],
    ['a: 1\na: 2\n', 'a', /MW-DEPLOY-401.*unique/i],
    ['a: {{ .Values.tag }}\n', 'a', /MW-DEPLOY-40[15]/],
    ['a: [1\n', 'a', /MW-DEPLOY-401/],
    ['l: [{name: x, v: 1}, {name: x, v: 2}]\n', 'l[name=x].v', /MW-DEPLOY-404/],
  ])('is refused where it is no plain value of its own: %j', (text, path, message) => {
    expect(() => edit(text, path, 'v2')).toThrow(message)
  })

  it('is not there: nothing is made up', () => {
    expect(() => edit('a: 1\n', 'b.c', 2)).toThrow('no b.c')
    expect(() => edit('<<: {b: 1}\na: 1\n', 'b', 2)).toThrow('no b')
  })

  it('does not blow up by aliases', () => {
    const levels = Array.from({ length: 12 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [x,x,x,x,x,x,x,x,x,x]'
        : `a${i}: &a${i} [${`*a${i - 1},`.repeat(9)}*a${i - 1}]`,
    )
    expect(() => parseManifest('f.yaml', `${levels.join('\n')}\n`)).toThrow(/MW-DEPLOY-401/)
  })
})

describe('a document in a file', () => {
  const text =
    'kind: A\nmetadata: {name: x, namespace: n}\n---\nkind: A\nmetadata: {name: y}\n---\nkind: B\nmetadata: {name: x}\n'
  const select = (selector: object, file = text) =>
    selectDocument(parseManifest('f.yaml', file), selector)

  it('is found by kind, name and namespace', () => {
    expect(select({ kind: 'A', name: 'x' })).toBe(0)
    expect(select({ kind: 'B' })).toBe(2)
    expect(select({ namespace: 'n' })).toBe(0)
    expect(select({}, 'images: []\n')).toBe(0)
  })

  it.each([{}, { kind: 'A' }, { kind: 'C' }, { name: 'x' }])('is one alone: %j', (selector) => {
    expect(() => select(selector)).toThrow(/MW-DEPLOY-402: f.yaml/)
  })

  it('is none in an empty file', () => {
    expect(() => select({}, '')).toThrow(/MW-DEPLOY-402/)
  })
})
