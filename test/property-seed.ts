import fc from 'fast-check'

/**
 * Properties are tried on the same examples every time, so that a change is blamed for what it broke and not for bad
 * luck. `MODELWAY_PROPERTY_SEED=random npm test` tries others; a number tries those again.
 */
const given = process.env['MODELWAY_PROPERTY_SEED'] ?? '20261123'
fc.configureGlobal(given === 'random' ? {} : { seed: Number(given) })
