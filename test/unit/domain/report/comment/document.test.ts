import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  type CommentDocument,
  isCommentOf,
  parseComment,
  renderComment,
  sectionBody,
} from '../../../../../src/domain/report/comment/document.js'
import { encodeName } from '../../../../../src/domain/report/comment/markers.js'
import { mergeDocuments, putSection } from '../../../../../src/domain/report/comment/merge.js'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.stringMatching(
    /^(?:<!-- modelway:(?:v1|section|end) name=x? ?-->|-->|--|\n|`{3}|<details>| |a|%41){0,12}$/,
  ),
  fc.constantFrom('a\u0000b', '\ud800', '<!--', '<!-- modelway:v1 project=p workflow=w -->', ''),
)

const documents: fc.Arbitrary<CommentDocument> = fc
  .record({
    project: hostile,
    workflow: hostile,
    sections: fc.array(
      fc.record({
        name: fc.oneof(hostile, fc.constantFrom('evaluate-gate', 'setup-data', 'drift-check')),
        markdown: hostile,
        reportUrl: fc.option(fc.oneof(fc.webUrl(), hostile), { nil: undefined }),
      }),
      { maxLength: 6 },
    ),
  })
  .map(({ sections, ...identity }) => mergeDocuments(identity, [{ ...identity, sections }]))

describe('the comment of a project and workflow', () => {
  it('is read back as it was written, whatever names and texts hold', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const body = renderComment(document)
        const read = parseComment(body)
        expect(read?.sections.map(({ name }) => name)).toEqual(
          document.sections.map(({ name }) => name),
        )
        expect(read?.sections.map(({ markdown }) => markdown)).toEqual(
          document.sections.map(({ markdown }) => sectionBody(markdown)),
        )
        expect(read === undefined ? '' : renderComment(read)).toBe(body)
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  it('is recognised by its own project and workflow only', () => {
    fc.assert(
      fc.property(documents, hostile, hostile, (document, project, workflow) => {
        const body = renderComment(document)
        expect(isCommentOf(body, document.project, document.workflow)).toBe(true)
        const same =
          encodeName(project) === encodeName(document.project) &&
          encodeName(workflow) === encodeName(document.workflow)
        expect(isCommentOf(body, project, workflow)).toBe(same)
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('holds each marker exactly once, whatever a section tries to smuggle in', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const body = renderComment(document)
        expect(body.match(/<!--\s*modelway:v1/gi)).toHaveLength(1)
        expect(body.match(/<!--\s*modelway:section/gi) ?? []).toHaveLength(document.sections.length)
        expect(body.match(/<!--\s*modelway:end/gi) ?? []).toHaveLength(document.sections.length)
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('lets no name end the HTML comment that carries it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(encodeName(name)).toMatch(/^(?:(?!--)[A-Za-z0-9\-_.!~*'()%])*$/)
      }),
      { seed: 7 },
    )
  })

  it('puts sections in the order of the pipeline and unknown ones last', () => {
    let document: CommentDocument = { project: 'p', workflow: 'w', sections: [] }
    for (const name of ['zeta', 'drift-check', 'alpha', 'train-on-runner', 'setup-data']) {
      document = putSection(document, { name, markdown: name })
    }
    expect(document.sections.map(({ name }) => name)).toEqual([
      'setup-data',
      'train-on-runner',
      'drift-check',
      'alpha',
      'zeta',
    ])
  })

  it('takes the newer section of two comments and keeps what only one of them has', () => {
    const at = (name: string, markdown: string) => ({
      project: 'p',
      workflow: 'w',
      sections: [{ name, markdown }],
    })
    const merged = mergeDocuments({ project: 'p', workflow: 'w' }, [
      at('evaluate-gate', 'old'),
      at('setup-data', 'data'),
      at('evaluate-gate', 'new'),
    ])
    expect(merged.sections.map(({ markdown }) => markdown)).toEqual(['data', 'new'])
  })

  it('reads a section whose end somebody deleted, and line ends of Windows', () => {
    const body = [
      '<!-- modelway:v1 project=p workflow=w -->',
      '<!-- modelway:section name=setup-data -->',
      'DATA',
      '<!-- modelway:section name=drift-check -->',
      'DRIFT',
      '<!-- modelway:end name=drift-check -->',
      'a remark by hand',
    ].join('\r\n')
    expect(parseComment(body)?.sections).toEqual([
      { name: 'setup-data', markdown: 'DATA', reportUrl: undefined },
      { name: 'drift-check', markdown: 'DRIFT', reportUrl: undefined },
    ])
  })

  it('is no comment of ours when the marker is not at its very start', () => {
    const marker = '<!-- modelway:v1 project=p workflow=w -->'
    expect(parseComment(`> ${marker}`)).toBeUndefined()
    expect(parseComment(`\n${marker}`)).toBeUndefined()
    expect(isCommentOf(`look: ${marker}`, 'p', 'w')).toBe(false)
  })

  it('closes what a section leaves open, so that the next one is still seen', () => {
    expect(sectionBody('a\n````py\nx = 1\n```')).toBe('a\n````py\nx = 1\n```\n````')
    expect(sectionBody('<details><summary>s</summary>\n\n<details>\nx')).toBe(
      '<details><summary>s</summary>\n\n<details>\nx\n\n</details></details>',
    )
    expect(sectionBody('```\n<details>\n```')).toBe('```\n<details>\n```')
  })
})
