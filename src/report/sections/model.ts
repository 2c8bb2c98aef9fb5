import type { ModelPredicate } from '../../statements/schemas/model.js'
import { html } from '../html.js'
import type { Section } from '../page.js'
import { tableOf } from '../table.js'

export function modelSection(model: ModelPredicate): Section {
  return {
    id: 'model',
    title: 'Model',
    status: model.stage ?? undefined,
    body: html`<p><strong>${model.name} version ${model.version}</strong>${model.aliases.length === 0 ? '' : `, alias ${model.aliases.join(', ')}`}, at <code>${model.uri}</code>.</p>
${tableOf(
  'Lineage',
  ['Statement', 'Digest'],
  Object.entries({ ...model.lineage, 'model files': model.modelDigest }).map(([kind, digest]) => [
    kind,
    html`<code>${digest}</code>`,
  ]),
)}`,
  }
}
