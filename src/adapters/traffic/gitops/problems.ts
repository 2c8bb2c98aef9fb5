import { UserError } from '../../../errors.js'

/** What a user can mend about manifests in git; `where` is a file and a place in it. */
export const manifestProblems = {
  noFile: (file: string, branch: string) =>
    new UserError({
      code: 'MW-DEPLOY-400',
      where: file,
      what: `there is no such file on the branch ${branch}.`,
      fix: 'Write its path from the root of the repository in deploy.gitops.manifests.',
    }),
  noYaml: (file: string, why: string) =>
    new UserError({
      code: 'MW-DEPLOY-401',
      where: file,
      what: `it is no plain YAML: ${why}`,
      fix: 'Name a manifest or a file of values; templates cannot be edited.',
    }),
  noDocument: (file: string, wanted: string, found: number) =>
    new UserError({
      code: 'MW-DEPLOY-402',
      where: file,
      what: `${found} of its documents are ${wanted}, and one must be.`,
      fix: 'Say which by document: { kind, name }.',
    }),
  missing: (where: string) =>
    new UserError({
      code: 'MW-DEPLOY-403',
      where,
      what: 'there is no such value.',
      fix: 'Write the value into the manifest first: only values that are there are changed.',
    }),
  several: (where: string) =>
    new UserError({
      code: 'MW-DEPLOY-404',
      where,
      what: 'several places are meant.',
      fix: 'Name one by a path that fits only it.',
    }),
  notPlain: (where: string, why: string) =>
    new UserError({
      code: 'MW-DEPLOY-405',
      where,
      what: `this value cannot be changed in its place: ${why}.`,
      fix: 'Write one text or number on one line, without anchors, aliases and tags on the way to it.',
    }),
  unsafe: (where: string) =>
    new UserError({
      code: 'MW-DEPLOY-406',
      where,
      what: 'the changed file would mean more or something else than the change; nothing was written.',
      fix: 'Write the values in plain block style, and report this.',
    }),
  noWeights: (weight: number) =>
    new UserError({
      code: 'MW-DEPLOY-407',
      where: 'deploy.gitops.manifests',
      what: `none of the manifests holds weights, and the canary is to get ${weight} % of the users.`,
      fix: 'Name the manifest with the weights, or deploy with mode: direct.',
    }),
  noPair: (where: string, name: string) =>
    new UserError({
      code: 'MW-DEPLOY-408',
      where,
      what: `a rule has one of the two versions, and not ${JSON.stringify(name)}.`,
      fix: 'Write both backends with their weights (100 and 0) into the rule.',
    }),
  noBackend: (where: string, name: string) =>
    new UserError({
      code: 'MW-DEPLOY-409',
      where,
      what: `no rule has the backend ${JSON.stringify(name)}.`,
      fix: 'Give the names that the manifest has by deploy.backends.<role>.name, or by backends of the manifest.',
    }),
  thirdBackend: (where: string, name: string) =>
    new UserError({
      code: 'MW-DEPLOY-410',
      where,
      what: `backend ${JSON.stringify(name)} has users, too, and is neither of the two versions.`,
      fix: 'Set its weight to 0, or take it out.',
    }),
  badName: (role: string) =>
    new UserError({
      code: 'MW-DEPLOY-411',
      where: `deploy.backends.${role}.name`,
      what: 'this cannot be written into a manifest: 1 to 1024 characters, none of them a space or a control character.',
      fix: 'Give the tag, digest, address or name that the manifest calls the version by.',
    }),
  otherVersion: (where: string, found: string) =>
    new UserError({
      code: 'MW-DEPLOY-412',
      where,
      what: `it holds ${JSON.stringify(found)}, which is neither of the two versions.`,
      fix: 'Name the version that is there as stable (deploy.backends.stable.name), or set it in git.',
    }),
  digest: (where: string) =>
    new UserError({
      code: 'MW-DEPLOY-413',
      where,
      what: 'the image is named by a tag there and by a digest here, or the other way round.',
      fix: 'Name the version by what the manifest has: newTag takes tags, digest takes sha256:….',
    }),
}
