import type { IForbiddenRuleType } from 'dependency-cruiser'

/** Who may import whom: DESIGN's rules. tools/check-imports.ts runs them, and asserts that modules were seen. */
const forbidden: IForbiddenRuleType[] = [
  {
    name: 'domain-is-pure',
    comment: 'domain knows no files, clock, network or packages: only itself.',
    severity: 'error',
    from: { path: '^src/domain/' },
    to: { pathNot: '^src/domain/' },
  },
  {
    name: 'ports-are-types',
    comment: 'ports name types of domain and statements, and carry no code of theirs.',
    severity: 'error',
    from: { path: '^src/ports/' },
    to: { pathNot: '^src/(ports|domain|statements)/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'ports-import-types-only',
    severity: 'error',
    from: { path: '^src/ports/' },
    to: { dependencyTypesNot: ['type-only'], pathNot: '^src/ports/' },
  },
  {
    name: 'adapters-stand-alone',
    comment:
      'adapters use ports, domain, config, files, clouds, grpc, errors, retry and secrets; statements and tabular belong to the jobs.',
    severity: 'error',
    from: { path: '^src/adapters/' },
    to: {
      path: '^src/',
      pathNot:
        '^src/(adapters|ports|domain|config|files|clouds|grpc|errors\\.ts|retry\\.ts|secrets\\.ts)',
    },
  },
  {
    name: 'clouds-sign-in',
    comment: 'how one signs in to a cloud, for every adapter that calls one: it knows no adapter.',
    severity: 'error',
    from: { path: '^src/clouds/' },
    to: { path: '^src/', pathNot: '^src/(clouds|errors\\.ts|retry\\.ts|secrets\\.ts)' },
  },
  {
    name: 'grpc-carries-messages',
    comment:
      'gRPC over HTTP/2 and protobuf, for every adapter that speaks it: it knows none of them.',
    severity: 'error',
    from: { path: '^src/grpc/' },
    to: { path: '^src/', pathNot: '^src/grpc/' },
  },
  {
    name: 'adapters-never-each-other',
    severity: 'error',
    from: { path: '^src/adapters/([^/]+)/' },
    to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
  },
  {
    name: 'jobs-know-no-adapter',
    comment:
      'action.ts, main.ts and post.ts wire; everything else of an action does not know who serves it.',
    severity: 'error',
    from: { path: '^src/actions/', pathNot: '/(action|main|post)\\.ts$' },
    to: { path: ['^src/adapters/', 'node_modules/@actions/'] },
  },
  {
    name: 'actions-never-each-other',
    severity: 'error',
    from: { path: '^src/actions/([^/]+)/' },
    to: { path: '^src/actions/', pathNot: '^src/actions/$1/' },
  },
  {
    name: 'nobody-imports-an-entry',
    comment: 'main.ts, post.ts and the CLI run when they are imported.',
    severity: 'error',
    from: {},
    to: { path: '^src/(actions/[^/]+/(main|post)|cli/index)\\.ts$' },
  },
  {
    name: 'tabular-reads-bytes',
    severity: 'error',
    from: { path: '^src/tabular/' },
    to: { path: '^src/', pathNot: '^src/(tabular|domain|files|statements|errors\\.ts)' },
  },
  {
    name: 'quality-reads-contracts',
    comment:
      'data contracts are read and checked for every action that has data: none of them is known.',
    severity: 'error',
    from: { path: '^src/quality/' },
    to: { path: '^src/', pathNot: '^src/(quality|domain|config|files|errors\\.ts)' },
  },
  {
    name: 'comparison-reads-and-compares',
    comment:
      'what reads two data sets and compares their columns, in threads: it knows files and statistics, no action and no system.',
    severity: 'error',
    from: { path: '^src/comparison/' },
    to: { path: '^src/', pathNot: '^src/(comparison|tabular|domain|statements|files|errors\\.ts)' },
  },
  {
    name: 'runtime-knows-no-adapter',
    severity: 'error',
    from: { path: '^src/(runtime|statements|report|config|files)/' },
    to: { path: '^src/(adapters|actions|cli)/' },
  },
  {
    name: 'no-cycles',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
]

export const importRules = {
  forbidden,
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node'],
    },
  },
}
