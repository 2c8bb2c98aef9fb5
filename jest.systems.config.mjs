import base from './jest.config.mjs'

/** Tests against real servers and programs, which tools/install puts into the user's cache folder; one at a time. */
export default {
  ...base,
  testMatch: ['<rootDir>/test/systems/**/*.test.ts'],
  testTimeout: 180_000,
  maxWorkers: 1,
}
