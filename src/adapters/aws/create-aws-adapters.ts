import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import type { Accounts, Assignments, InlinePolicies, Inventory, Leashes, Simulator, Survey } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { createAccounts } from './accounts.ts'
import { createAssignments } from './assignments.ts'
import { type AwsClock, createAwsClock } from './aws-clock.ts'
import { createClients } from './clients.ts'
import { present } from './faults.ts'
import { createInlinePolicies } from './inline-policies.ts'
import { createInventory } from './inventory.ts'
import { createLeashes } from './leashes.ts'
import { createMemberSessions } from './member-sessions.ts'
import { send, startDeadline } from './send.ts'
import { createSimulator } from './simulator.ts'

/** Everything the bot asks of AWS. Measure the clock before anything else. */
export type AwsAdapters = {
  clock: AwsClock
  inlinePolicies: InlinePolicies
  simulator: Simulator
  assignments: Assignments
  leashes: Leashes
  accounts: Accounts
  inventory: Inventory & Survey
  /** The ARN the bot's own credentials belong to; throws a Fault when they do not work. */
  identity(): Promise<string>
}

/** Wires the AWS adapters. Endpoints, credentials and, where none is given, the region are what the SDK finds. */
export function createAwsAdapters({ catalogue, region }: { catalogue: Catalogue; region?: string }): AwsAdapters {
  const { identityCenter, memberRole } = catalogue.aws
  const clients = createClients({
    ...(region === undefined ? {} : { region }),
    ...(identityCenter && { identityCenter }),
    clock: () => clock,
  })
  const clock: AwsClock = createAwsClock(clients.sts)
  const identity = async () => {
    const { Arn } = await send(clients.sts, new GetCallerIdentityCommand({}), { deadline: startDeadline() })
    return present(Arn, 'Arn')
  }
  const asMember = createMemberSessions({ clients, clock, memberRole })
  return {
    clock,
    inlinePolicies: createInlinePolicies(asMember, identity),
    simulator: createSimulator(asMember),
    assignments: createAssignments({ ...clients, identityCenter }),
    leashes: createLeashes(asMember),
    accounts: createAccounts({ ...clients, clock }),
    inventory: createInventory({ ...clients, asMember, identityCenter, clock }),
    identity,
  }
}
