import { AwsError } from './aws-error.ts'
import type { Operation } from './operation.ts'
import { text } from './parameters.ts'
import type { AccountState } from './seed.ts'

const organizationId = 'o-simulated1'

/** The word of the retired `Status` member; a pending activation had none. */
const legacyStatus: Record<AccountState, string | undefined> = {
  PENDING_ACTIVATION: undefined,
  ACTIVE: 'ACTIVE',
  SUSPENDED: 'SUSPENDED',
  PENDING_CLOSURE: 'PENDING_CLOSURE',
  CLOSED: 'SUSPENDED',
}

/** Organizations' operations, by name. */
export const organizationsOperations: Record<string, Operation> = {
  DescribeAccount(call) {
    const accountId = text(call.params, 'AccountId', { max: 12, pattern: '\\d{12}' })
    const arn = `arn:aws:organizations::${call.state.managementAccountId}:account/${organizationId}/${accountId}`
    call.authorize('organizations:DescribeAccount', [arn])
    const account = call.state.accounts.get(accountId)
    if (!account)
      throw new AwsError(
        'AccountNotFoundException',
        "You specified an account that doesn't exist in your organization.",
      )
    return {
      Account: {
        Id: account.id,
        Arn: arn,
        Email: `aws-${account.id}@example.com`,
        Name: account.name,
        State: account.state,
        Status: legacyStatus[account.state],
        JoinedMethod: 'CREATED',
        JoinedTimestamp: Date.UTC(2025, 0, 1) / 1000,
      },
    }
  },
}
