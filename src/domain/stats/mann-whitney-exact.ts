/**
 * Two-sided exact p-value of Mann and Whitney's smaller U for samples of n and m different values: twice P(U <= smaller). The
 * numbers of orders are the coefficients of the Gaussian binomial, made by its product formula (Mann & Whitney 1947). Meant for
 * a smaller sample of few values: costs min(n, m) passes over `smaller` numbers, and loses no digits to cancellation
 * there.
 */
export function exactMannWhitney(n: number, m: number, smaller: number): number {
  const few = Math.min(n, m)
  const many = Math.max(n, m)
  const orders = new Float64Array(smaller + 1)
  orders[0] = 1
  for (let part = 1; part <= few; part++) addParts(orders, part)
  for (let part = 1; part <= few; part++) removeParts(orders, many + part)
  let sum = 0
  for (const count of orders) sum += count
  let all = 1
  for (let part = 1; part <= few; part++) all *= (many + part) / part
  return Math.min(1, (2 * sum) / all)
}

/** Divides by 1 - q^part. */
function addParts(orders: Float64Array, part: number): void {
  for (let u = part; u < orders.length; u++) orders[u] = (orders[u] ?? 0) + (orders[u - part] ?? 0)
}

/** Multiplies by 1 - q^part. */
function removeParts(orders: Float64Array, part: number): void {
  for (let u = orders.length - 1; u >= part; u--) {
    orders[u] = (orders[u] ?? 0) - (orders[u - part] ?? 0)
  }
}
