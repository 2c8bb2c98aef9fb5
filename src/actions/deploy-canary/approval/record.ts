import type { RolloutPredicate } from '../../../statements/schemas/rollout.js'

/** Who approved, when, and by which rule: as the statement has it. */
export type ApprovalRecord = RolloutPredicate['approvals'][number]
