/**
 * The unbiased estimate of pass@k, the probability that at least one of k samples is right, from n samples of which c are
 * right: 1 - C(n - c, k) / C(n, k), as a product (Chen et al. 2021, arXiv:2107.03374). Anything but whole numbers with
 * 0 <= c <= n and 1 <= k <= n -> undefined: fewer samples than k tell nothing without bias.
 */
export function passAtK(n: number, c: number, k: number): number | undefined {
  if (![n, c, k].every(Number.isSafeInteger)) return undefined
  if (c < 0 || c > n || k < 1 || k > n) return undefined
  if (n - c < k) return 1
  if (c === 0) return 0
  // The same product from either side: k factors (n - c - i) / (n - i), or c factors 1 - k / i; through log1p, so that
  // a share near 0 keeps its digits.
  let log = 0
  if (k < c) for (let i = 0; i < k; i++) log += Math.log1p(-c / (n - i))
  else for (let i = n - c + 1; i <= n; i++) log += Math.log1p(-k / i)
  return -Math.expm1(log)
}
