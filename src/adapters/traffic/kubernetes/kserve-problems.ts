import { UserError } from '../../../errors.js'

export function rawMode(where: string, mode: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-118',
    where,
    what: `its deployment mode is ${mode}, which divides no traffic: canaryTrafficPercent is passed over, and spec.canary (KServe 0.20) starts pods that no route leads to.`,
    fix: 'Use the mode Serverless (Knative), or divide between the Services of two InferenceServices with target: gateway-api or istio.',
  })
}

export function noModel(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-120',
    where,
    what: 'it has no spec.predictor.model.storageUri, by which versions are told apart.',
    fix: 'Describe its model in the new form (predictor.model with modelFormat and storageUri).',
  })
}

export function noStorageUri(version: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-120',
    where: `version ${JSON.stringify(version)}`,
    what: 'its name is no storageUri.',
    fix: 'Give where its model lies with deploy.backends.<role>.name, such as s3://models/fraud/7.',
  })
}

export function otherModel(where: string, uri: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-115',
    where,
    what: `it serves ${JSON.stringify(uri)}, which is neither stable nor canary.`,
    fix: 'Name the model that users meet now with deploy.backends.stable.name.',
  })
}

export function noFirstRevision(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-119',
    where,
    what: 'no revision of it was ever rolled out: KServe would pass over the share, and all users would meet the new model.',
    fix: 'Wait until its first revision is ready.',
  })
}
