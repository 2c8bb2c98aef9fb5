import { operationIds } from './openapi.js'

/** Faults that a test orders in advance, each for the next calls of one operation. */

export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly message?: string | undefined }
  | { readonly kind: 'reset' }
  | {
      readonly kind: 'rate-limit'
      readonly status: 403 | 429
      readonly limit: 'primary' | 'secondary'
      readonly retryAfterSeconds: number
    }
  /** The work is done, but the answer never comes: what a retry has to live with. */
  | { readonly kind: 'lost-answer' }

interface Order {
  readonly operation: string
  readonly fault: Fault
  left: number
}

export class Failures {
  private readonly orders: Order[] = []

  order(operation: string, fault: Fault, times: number): void {
    if (operation !== '*' && !operationIds().includes(operation)) {
      throw new Error(`No operation "${operation}". Known: ${operationIds().join(', ')}, or *.`)
    }
    this.orders.push({ operation, fault, left: times })
  }

  next(operation: string): Fault | undefined {
    const order = this.orders.find(
      (one) => one.left > 0 && (one.operation === operation || one.operation === '*'),
    )
    if (order === undefined) return undefined
    order.left -= 1
    return order.fault
  }

  /** Faults that were ordered and never met: a test that ends with some did not test what it says. */
  get pending(): number {
    return this.orders.reduce((sum, order) => sum + order.left, 0)
  }
}
