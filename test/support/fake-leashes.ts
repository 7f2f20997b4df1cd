import type { Leashes, LeashKey, MaySend } from '../../src/app/ports.ts'
import { Fault } from '../../src/core/errors.ts'
import type { Instant } from '../../src/core/instant.ts'
import { type LeashDocument, leashArn, renderLeash, renderRoleLeash } from '../../src/core/leash.ts'
import { roleOf } from '../../src/core/roster-seat.ts'
import { evaluate } from '../../src/playground/aws/evaluator.ts'
import { parsePolicy } from '../../src/playground/aws/policy.ts'

/** Leashes in memory: each set has one in each account, as it is installed, until another version is published. */
export type FakeLeashes = Leashes & {
  /** The versions of each, oldest first, by `account/set`; the last of them is in force. */
  versions: Map<string, string[]>
  /** Somebody takes a leash away, or puts it back as it was installed. */
  remove(leash: LeashKey): void
  reset(leash: LeashKey): void
  /** What the role of every set carries as its boundary; `none`: no role. */
  boundary: 'leash' | 'another' | 'none'
}

type Call = <T>(operation: string, maySend: MaySend, act: () => T) => Promise<T>

/** Makes them; `call` decides what becomes of a publication, and `settle` lets what was late arrive. */
export function createFakeLeashes(call: Call, settle: () => void): FakeLeashes {
  const versions = new Map<string, string[]>()
  const removed = new Set<string>()
  const nameOf = ({ accountId, permissionSet }: LeashKey) => `${accountId}/${permissionSet}`
  const installedOf = (leash: LeashKey) =>
    JSON.stringify(roleOf(leash) === undefined ? renderLeash([], 0) : renderRoleLeash([], 0))
  const fake: FakeLeashes = {
    versions,
    boundary: 'leash',
    remove: leash => removed.add(nameOf(leash)),
    reset: leash => versions.set(nameOf(leash), [...(versions.get(nameOf(leash)) ?? []).slice(-4), installedOf(leash)]),
    read: async leash => {
      settle()
      return removed.has(nameOf(leash)) ? undefined : (versions.get(nameOf(leash))?.at(-1) ?? installedOf(leash))
    },
    publish: (leash, document, maySend) =>
      call('publish', maySend, () => {
        if (removed.has(nameOf(leash)))
          throw new Fault('not_found', 'no such policy', { retryable: false, answered: true })
        const kept = (versions.get(nameOf(leash)) ?? [installedOf(leash)]).slice(-4)
        versions.set(nameOf(leash), [...kept, JSON.stringify(document)])
      }),
    role: async leash => {
      if (fake.boundary === 'none') return undefined
      const arn = `arn:aws:iam::${leash.accountId}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${leash.permissionSet}_0123456789abcdef`
      return {
        arn,
        boundaryArn: fake.boundary === 'leash' ? leashArn(leash) : 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      }
    },
  }
  return fake
}

/**
 * Whether a session of this person may do anything at all under the leash, at this moment: an Identity Center user, or
 * `aws:userid` of a role's sessions.
 */
export function letsIn(document: string | LeashDocument, principalId: string, now: Instant): boolean {
  const boundary = parsePolicy(typeof document === 'string' ? document : JSON.stringify(document))
  const key = principalId.startsWith('AROA') ? 'aws:userid' : 'identitystore:UserId'
  const context = { 'aws:CurrentTime': now, [key]: principalId }
  const asked = { action: 'ec2:DescribeInstances', resource: '*', context }
  return evaluate({ ...asked, identityPolicies: [everything], boundary }).allowed
}

const everything = parsePolicy('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}')
