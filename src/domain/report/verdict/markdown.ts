import { paragraphs } from '../fragments.js'
import { charts } from './charts.js'
import { declaredSlices, methods, overallTable, reasons } from './checks.js'
import { diagnosticsText } from './diagnostics.js'
import { foundSlices } from './found-slices.js'
import { headline } from './headline.js'
import { footer, identity, type Subject } from './identity.js'
import type { ShownVerdict } from './shown.js'
import {
  ageWarning,
  alert,
  overridesText,
  policyAlert,
  policyText,
  SELF_REPORTED,
} from './trust.js'

/** What the verdict itself does not say. */
export interface VerdictMarkdownOptions {
  /** The numbers were computed by a fork's own run, and nobody here can vouch for them. */
  readonly selfReported?: boolean | undefined
  /** The statement's subject: the model files that were judged. */
  readonly subject?: readonly Subject[] | undefined
}

/**
 * A verdict as a section of a pull request's comment: the decision in the first line, the table of the rules, why what did not
 * pass did not, the worst slices, and everything else folded away. Names, values, reasons and files are hostile text, and are
 * escaped; what is long is cut and counted.
 */
export function verdictMarkdown(
  predicate: ShownVerdict,
  options: VerdictMarkdownOptions = {},
): string {
  const text = paragraphs([
    headline(predicate),
    options.selfReported === true ? alert('WARNING', SELF_REPORTED) : '',
    overridesText(predicate),
    policyAlert(predicate),
    overallTable(predicate),
    reasons(predicate),
    ageWarning(predicate.baseline),
    foundSlices(predicate),
    declaredSlices(predicate),
    diagnosticsText(predicate),
    charts(predicate),
    methods(predicate),
    identity(predicate, options.subject ?? []),
    footer(predicate),
    policyText(predicate),
  ])
  return `${text}\n`
}
