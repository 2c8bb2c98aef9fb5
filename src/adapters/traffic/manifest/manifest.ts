import * as z from 'zod'
import { UserError } from '../../../errors.js'
import { jsonOf } from '../json-text.js'

export const ManifestArtifact = z.object({
  url: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive().optional(),
})
export type ManifestArtifact = z.output<typeof ManifestArtifact>

const Entry = z.object({
  version: z.string().min(1),
  name: z.string().min(1),
  artifact: ManifestArtifact.optional(),
})
/** A version, as readers find it. */
export type Entry = z.output<typeof Entry>

const Bound = z.string().regex(/^(?:[0-9a-f]{16}|g)$/)
const Percent = z.number().min(0).max(100)

/** What is read of a manifest; fields of others are left as they are. */
const Manifest = z.looseObject({
  schema: z.literal('modelway-manifest/1'),
  kind: z.enum(['batch', 'download']),
  generation: z.int().min(1),
  salt: z.string(),
  stable: Entry,
  canary: Entry.nullable(),
  previous: Entry.nullable(),
  share: Percent,
  below: Bound,
  copies: Percent,
  copiesBelow: Bound,
  exposed: z.boolean(),
  withdrawn: z.array(z.string()),
})
/** The file that readers go by (docs/batch.md, docs/download.md). */
export type Manifest = z.output<typeof Manifest>

/** The manifest in a text; undefined where there is none. Throws UserError MW-DEPLOY-452 for what is none of this kind. */
export function parseManifest(
  text: string,
  { kind, where }: { readonly kind: Manifest['kind']; readonly where: string },
): Manifest | undefined {
  if (text === '') return undefined
  const parsed = Manifest.safeParse(jsonOf(text))
  if (parsed.success && parsed.data.kind === kind) return parsed.data
  throw new UserError({
    code: 'MW-DEPLOY-452',
    where,
    what: `this is no manifest for target ${kind} that this version of Modelway can read.`,
    fix: 'Give Modelway a file of its own, or move this one away: without it all belongs to the version in use.',
  })
}

export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`
}
