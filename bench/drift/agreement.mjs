/** Our statistics beside scipy's of the same data: how far they are apart at most, as a share of scipy's. */

/** Far in the tail of KS scipy's asymptotic p-value and ours, of the same law at the same size, differ by rounding alone. */
const SMALLEST = 1e-300

/** Where a decile falls between two values, rounding may put it on either side of a value of the current data: one row in a million. */
const ONE_ROW = 1e-5

const TOLERANCE = { statistic: 1e-9, pValue: 1e-9, distance: 1e-8, psi: ONE_ROW, js: ONE_ROW }

export function agreement(ours, theirs) {
  const far = []
  console.log('\nagreement with scipy: the largest relative difference over 30 columns')
  for (const [key, tolerance] of Object.entries(TOLERANCE)) {
    const apart = ours.map((column) => ({
      name: column.name,
      by: difference(figureOf(column, key), theirs[column.name]?.[key]),
    }))
    const worst = apart.reduce((most, one) => (one.by > most.by ? one : most))
    console.log(`  ${key.padEnd(10)} ${worst.by.toExponential(1)} (${worst.name})`)
    if (!(worst.by <= tolerance)) far.push(key)
  }
  console.log(far.length === 0 ? '  all agree' : `  NOT WITHIN TOLERANCE: ${far.join(', ')}`)
}

function figureOf(column, key) {
  return key === 'distance' ? column.distance?.value : column[key]
}

function difference(own, other) {
  if (typeof own !== 'number' || typeof other !== 'number') return Number.POSITIVE_INFINITY
  if (Math.max(Math.abs(own), Math.abs(other)) < SMALLEST) return 0
  return Math.abs(own - other) / Math.max(Math.abs(own), Math.abs(other))
}
