/** Jest 30 with @swc/jest in native ESM; `npm test` passes --experimental-vm-modules. */
export default {
  testEnvironment: 'node',
  reporters: ['default', '<rootDir>/tools/ci/count-reporter.mjs'],
  setupFiles: ['<rootDir>/test/property-seed.ts'],
  testMatch: ['<rootDir>/test/{unit,contracts,acceptance}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        swcrc: false,
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Both cores of a small machine; a test that waits for the other worker has the time for it.
  maxWorkers: 2,
  testTimeout: 120_000,
}
