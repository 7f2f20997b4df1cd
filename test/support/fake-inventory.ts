import type { Inventory } from '../../src/app/ports.ts'
import type { PolicyPlace } from '../../src/core/policy-place.ts'
import type { Listed } from '../../src/core/reconcile.ts'

/** What stands in AWS, as a test puts it there. `before` is called before each reading, and what it throws comes out. */
export type FakeInventory = Inventory & {
  policies: PolicyPlace[]
  /** By account and name of the permission set: `111111111111/Curfew-ReadOnly`. */
  assignments: Record<string, Listed[]>
  sets: Record<string, string>
  before: (reading: keyof Inventory) => void | Promise<void>
}

/** An AWS with the permission set of the builders and nothing else. */
export function createFakeInventory(): FakeInventory {
  const fake: FakeInventory = {
    policies: [],
    assignments: {},
    sets: { 'Curfew-ReadOnly': 'arn:aws:sso:::permissionSet/ssoins-1/ps-1' },
    before: () => undefined,
    async listOwnPolicies(accountId) {
      await fake.before('listOwnPolicies')
      return fake.policies.filter(policy => policy.accountId === accountId)
    },
    async findPermissionSets(names) {
      await fake.before('findPermissionSets')
      return new Map(Object.entries(fake.sets).filter(([name]) => names.includes(name)))
    },
    async listAssignments(accountId, permissionSetArn) {
      await fake.before('listAssignments')
      const name = Object.keys(fake.sets).find(one => fake.sets[one] === permissionSetArn)
      return fake.assignments[`${accountId}/${name}`] ?? []
    },
  }
  return fake
}
