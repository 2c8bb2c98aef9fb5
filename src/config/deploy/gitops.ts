import * as z from 'zod'
import { parsePath } from '../../domain/gitops/path.js'
import { Duration } from '../duration.js'
import { cluster, ObjectName } from './kubernetes.js'
import { safeUrl } from './safe-url.js'

/** What git takes for a branch (git check-ref-format), and no more of it than is ever used. */
export function isBranch(name: string): boolean {
  return (
    /^[A-Za-z0-9_][A-Za-z0-9._/@+#-]{0,199}$/.test(name) &&
    !/\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[./]$|^refs\/|^heads\//.test(name)
  )
}

/** A path from the root of a repository that stays in it and in no folder of git's. */
export function isRepositoryPath(path: string): boolean {
  const parts = path.split('/')
  const isBad = (part: string) =>
    part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git'
  return path.length <= 1024 && !/[\p{Cc}\\:*?"<>|]/u.test(path) && !parts.some(isBad)
}

const Slots = z
  .strictObject({ stable: z.string().min(1).max(253), canary: z.string().min(1).max(253) })
  .optional()
  .describe(
    'The two backends, where they are places that versions are put into; without it a backend is called as its version.',
  )

const Manifest = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .refine(isRepositoryPath, 'must be a path within the repository, without . and ..')
      .describe('The file, from the root of the repository.'),
    document: z
      .strictObject({
        kind: z.string().min(1).optional(),
        name: z.string().min(1).optional(),
        namespace: z.string().min(1).optional(),
      })
      .optional()
      .describe('Which document of the file, where there are several: its kind and name.'),
    'http-route': ObjectName.optional().describe(
      'The HTTPRoute whose backendRefs have the weights.',
    ),
    'virtual-service': ObjectName.optional().describe(
      'The VirtualService whose routes have the weights; a backend is a subset, else a host.',
    ),
    backends: Slots,
    'inference-service': ObjectName.optional().describe(
      "The InferenceService of KServe: its model's storageUri and its canaryTrafficPercent, both written there.",
    ),
    image: z
      .string()
      .min(1)
      .optional()
      .describe('The name of an image in a kustomization: its newTag or digest.'),
    path: z
      .string()
      .refine((path) => parsePath(path) !== undefined, 'must be a path such as a.b[name=x].c')
      .optional()
      .describe('Any other value, such as `canary.image.tag` of a chart.'),
    holds: z
      .enum(['latest', 'canary', 'stable', 'canary-weight', 'stable-weight'])
      .optional()
      .describe(
        'What the image or the value is: the version that is being rolled out (`latest`), that of the place for the canary or for stable, or a percentage.',
      ),
  })
  .refine(
    (one) =>
      [
        one['http-route'],
        one['virtual-service'],
        one['inference-service'],
        one.image,
        one.path,
      ].filter((each) => each !== undefined).length === 1,
    { message: 'needs one of http-route, virtual-service, inference-service, image and path' },
  )
  .refine(({ image, path, holds }) => (image ?? path) === undefined || holds !== undefined, {
    message: 'needs holds: what the value is',
  })
export type Manifest = z.output<typeof Manifest>

const ArgoCd = z.strictObject({
  url: safeUrl('The address of Argo CD.').unwrap(),
  application: ObjectName.describe('The Application.'),
  namespace: ObjectName.optional().describe(
    "The Application's namespace, where it is none of Argo CD's own.",
  ),
  project: z.string().min(1).optional().describe("The Application's project."),
})

const ArgoCdApplication = z.strictObject({
  ...cluster,
  application: ObjectName.describe('The Application.'),
})

const Flux = z.strictObject({
  ...cluster,
  kustomization: ObjectName.describe(
    'The Kustomization that applies the manifests, with wait: true.',
  ),
  'helm-releases': z
    .array(ObjectName)
    .default([])
    .describe('HelmReleases of the same namespace that must be ready afterwards, too.'),
})

const Sync = z
  .strictObject({
    'argo-cd': ArgoCd.optional().describe('Argo CD by its API, with MODELWAY_ARGOCD_TOKEN.'),
    'argo-cd-application': ArgoCdApplication.optional().describe(
      'Argo CD by the Application in its cluster.',
    ),
    flux: Flux.optional().describe('Flux by its objects in the cluster.'),
  })
  .refine((sync) => Object.values(sync).filter((one) => one !== undefined).length === 1, {
    message: 'needs one of argo-cd, argo-cd-application and flux',
  })

const Branch = z.string().refine(isBranch, 'must be the name of a branch')

/** `deploy.gitops`: values in manifests that Argo CD or Flux apply. */
export const GitopsTarget = z.strictObject({
  repository: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
      'must be owner/name',
    )
    .optional()
    .describe(
      'The repository with the manifests; another one than this is written to with MODELWAY_GITOPS_TOKEN.',
    ),
  branch: Branch.optional().describe(
    'The branch that is applied. Default: the default branch of the repository.',
  ),
  manifests: z.array(Manifest).min(1).describe('The values that a rollout changes.'),
  deliver: z
    .enum(['commit', 'pull-request'])
    .default('commit')
    .describe('A commit on the branch, or a pull request to it.'),
  merge: z
    .enum(['auto', 'person'])
    .default('auto')
    .describe('Who merges pull requests: the job, as soon as the rules let it, or a person.'),
  'merge-method': z
    .enum(['merge', 'squash', 'rebase'])
    .default('squash')
    .describe('How the job merges pull requests.'),
  rollback: z
    .enum(['commit', 'pull-request'])
    .optional()
    .describe('How a rollback is delivered. Default: as `deliver`.'),
  sync: Sync.describe('Who applies the manifests, and says when they are in force.'),
  timeout: Duration.default(900_000).describe(
    'How long a change may take to be applied and healthy.',
  ),
  'review-timeout': Duration.default(3_600_000).describe(
    'How long a pull request may wait to be merged; then it is closed, and users are where they were.',
  ),
})
export type GitopsTarget = z.output<typeof GitopsTarget>
