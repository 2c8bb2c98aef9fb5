import type * as z from 'zod'
import { nearest } from '../config/problems.js'

type Issue = z.core.$ZodIssue

/** What is wrong with a value, as the rest of a sentence about it, and how to write it where that is known. */
interface ValueWords {
  readonly said: string
  readonly fix: string | undefined
}

/** What zod found of one value in the words of modelway.yml. Its own texts are kept only where a schema of ours wrote them. */
export function wordsOfValue(issue: Issue, given: unknown): ValueWords {
  const values = valuesOf(issue)
  if (values !== undefined) {
    const suggestion = typeof given === 'string' ? nearest(given, values) : undefined
    const fix = suggestion === undefined ? undefined : `Did you mean ${JSON.stringify(suggestion)}?`
    return { said: `${shown(given)} is none of: ${values.join(', ')}`, fix }
  }
  const wanted = [...new Set(wantedBy(issue))]
  if (wanted.length === 0) return { said: issue.message, fix: undefined }
  const not = isAddress(issue) || given === '' ? '' : `, not ${shown(given)}`
  return { said: `must be ${wanted.join(' or ')}${not}`, fix: rewritten(issue, given) }
}

function valuesOf(issue: Issue): readonly string[] | undefined {
  if (issue.code === 'invalid_value' && issue.values.length > 1) return issue.values.map(String)
  if (issue.code !== 'invalid_union') return undefined
  const { options } = issue as { readonly options?: unknown }
  if (!Array.isArray(options)) return undefined
  return options.filter((option) => typeof option === 'string')
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
}

const FORMATS: Readonly<Record<string, string>> = {
  url: 'an address such as https://example.com',
  datetime: 'a time such as 2026-01-31T06:00:00Z',
  date: 'a date such as 2026-01-31',
  safeint: 'a whole number',
}

/** What would fit; nothing where a schema says it in its own words. */
function wantedBy(issue: Issue): readonly string[] {
  switch (issue.code) {
    case 'invalid_type':
      return isOwn(issue) ? [] : [TYPES[issue.expected] ?? issue.expected]
    case 'invalid_format':
      return isOwn(issue) ? [] : [FORMATS[issue.format] ?? `of the format ${issue.format}`]
    case 'invalid_value':
      return issue.values.map(String)
    case 'too_big':
      return [bound(issue.origin, issue.inclusive ? 'at most' : 'below', Number(issue.maximum))]
    case 'too_small':
      return [bound(issue.origin, issue.inclusive ? 'at least' : 'above', Number(issue.minimum))]
    case 'invalid_union':
      return issue.errors.flat().flatMap(wantedBy)
    default:
      return []
  }
}

function bound(origin: string, how: string, limit: number): string {
  if (origin === 'array') return `a list of ${how} ${limit} item${limit === 1 ? '' : 's'}`
  if (origin !== 'string') return `${how} ${limit}`
  return how === 'at least' && limit === 1
    ? 'text that is not empty'
    : `text of ${how} ${limit} characters`
}

/** Whether a schema of ours wrote the message. */
function isOwn({ message }: Issue): boolean {
  return !/^(?:Invalid|Too)\b/.test(message)
}

function isAddress(issue: Issue): boolean {
  return issue.code === 'invalid_format' && issue.format === 'url'
}

const PERCENT = /^(\d+(?:\.\d+)?) ?%$/

/** The number that was meant. */
function rewritten(issue: Issue, given: unknown): string | undefined {
  if (issue.code === 'too_big' && issue.maximum === 1 && typeof given === 'number')
    return given <= 100 ? `Write a share of ${given}% as ${share(given)}.` : undefined
  if (!wantsNumber(issue) || typeof given !== 'string') return undefined
  const percent = PERCENT.exec(given.trim())?.[1]
  if (percent !== undefined) return `Write ${share(Number(percent))}.`
  const isNumber = given.trim() !== '' && Number.isFinite(Number(given))
  return isNumber ? `Write ${Number(given)} without quotes.` : undefined
}

function wantsNumber(issue: Issue): boolean {
  return issue.code === 'invalid_type' && ['number', 'int'].includes(issue.expected)
}

function share(percent: number): number {
  return Number((percent / 100).toPrecision(12))
}

/** A value as it was given, short enough for a line. */
function shown(given: unknown): string {
  if (Array.isArray(given)) return 'a list'
  if (typeof given === 'object' && given !== null) return 'a map'
  const text = JSON.stringify(given) ?? String(given)
  return text.length <= 80 ? text : `${text.slice(0, 79)}…`
}
