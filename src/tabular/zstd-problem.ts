/** Carries a code as the errors of Node's own decompressors do. */
export class ZstdProblem extends Error {
  override readonly name = 'ZstdProblem'
  readonly code: 'ZSTD_CUT' | 'ZSTD_DAMAGED'

  constructor(code: 'ZSTD_CUT' | 'ZSTD_DAMAGED', options?: ErrorOptions) {
    super(code, options)
    this.code = code
  }
}
