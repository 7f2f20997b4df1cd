import type {
  Accounts,
  Assignment,
  Assignments,
  Clock,
  FoundRole,
  InlinePolicies,
  MaySend,
  Operation,
  Simulator,
} from '../../src/app/ports.ts'
import { Fault } from '../../src/core/errors.ts'
import type { PolicyDocument } from '../../src/core/inline-policy.ts'
import { type Instant, plusSeconds } from '../../src/core/instant.ts'
import type { PolicyPlace } from '../../src/core/policy-place.ts'
import type { SetContent } from '../../src/core/set-content.ts'
import type { Principal } from '../../src/core/untouchable.ts'
import { aSetContent } from './builders.ts'
import { createFakeLeashes, type FakeLeashes } from './fake-leashes.ts'

/**
 * What becomes of one call: done, refused before it did anything, or done without an answer. `late`: done when
 * released; `arrivesAt`: done when the clock gets there.
 */
export type Fate = 'done' | 'throttled' | 'denied' | 'unheard' | 'lost' | 'late' | { arrivesAt: Instant }

/** What may happen to a role that people share: another one under its name, or another trust policy. */
export type RoleChange = 'made anew' | 'any name' | 'own name'

/** What a test sees of AWS and does to it, be it in memory or on the wire. */
export type AwsBehind = {
  /**
   * What stands now: Curfew's policies by `account/user/policy`, people's own assignments as `account/set/principal`,
   * and the versions of leashes by `account/set`, the last of them in force.
   */
  standing(): Promise<{ policies: Map<string, PolicyDocument>; assigned: string[]; leashes: Map<string, string[]> }>
  /** Gives somebody (`alice`) production read-only by hand; its name among those that stand. */
  assignByHand(person: string): Promise<string>
  /** Decides each call that changes AWS; operation names are `put`, `delete`, `create`, `remove`, `publish`. */
  fate: (operation: string) => Fate
  /** From now on creations take so long and, in the end, fail; where that can be had. */
  creations?: (how: { fail: boolean; seconds: number }) => void
  /** Somebody makes the role Dev anew, or lets people name their sessions; where that can be had. */
  changeRole?: (how: RoleChange) => void
  /** Makes the call so that it arrives then, when nobody waits for its answer any more. */
  sendLate(act: () => Promise<unknown>, arrivesAt: Instant): Promise<void>
}

type FakeRole = Pick<FoundRole, 'roleId' | 'trust' | 'sessionMinutes' | 'boundaryArn'>

/** A small AWS in memory: IAM users with policies, assignments that take a while, and calls that go wrong on demand. */
export type FakeAws = AwsBehind & {
  inlinePolicies: InlinePolicies
  simulator: Simulator
  assignments: Assignments
  leashes: FakeLeashes
  accounts: Accounts
  /** Policies by `account/user/policy`, or `account/role/name/policy`. */
  policies: Map<string, PolicyDocument>
  users: Map<string, string>
  /** Roles by `account/name`. */
  roles: Map<string, FakeRole>
  /** Assignments that are there now, as `account/set/principal`. */
  assigned(): string[]
  /** Puts an assignment there that Curfew did not make. */
  assign(assignment: Assignment, through?: 'direct' | 'group'): void
  /** Takes away, as if by hand, whatever is assigned to this person. */
  unassign(principalId: string): void
  /** Lets the calls that were late arrive now. */
  arrive(): void
  /** Every call that changed AWS, in order. */
  changes: string[]
  /** Makes creations fail asynchronously with this reason. */
  failCreations?: string
  /** How long an asynchronous call takes. */
  operationSeconds: number
  /** What an IAM user carries beside its name. */
  principal: (accountId: string, userName: string) => Principal
  /** What every permission set gives; Curfew-Leashed has its leash as its boundary, unless one stands here. */
  setContent: SetContent
}

const leashedSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-2'

type Running = Operation & {
  kind: 'create' | 'remove'
  assignment: Assignment
  endsAt: Instant
  outcome: Operation['state']
}

/** Lets in the IAM users of the jump account, each under their own name. */
export const pinnedTrust = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::000000000000:root' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } },
  },
})

/** The same under any name. */
export const anyNameTrust = pinnedTrust.replace('StringEquals', 'StringEqualsIfExists')

/** The key of a policy in `FakeAws.policies`. */
export function keyOf({ accountId, principal, name, policyName }: PolicyPlace): string {
  return `${accountId}/${principal === 'role' ? 'role/' : ''}${name}/${policyName}`
}

/** Makes the small AWS: accounts and people of the builders. */
export function createFakeAws(clock: Pick<Clock, 'now'>): FakeAws {
  const policies = new Map<string, PolicyDocument>()
  const users = new Map([
    ['222222222222/alice', 'AIDAALICE00000000001'],
    ['222222222222/bob', 'AIDABOB'],
    ['222222222222/dai', 'AIDADAI'],
    ['000000000000/alice', 'AIDAALICE00000000002'],
    ['000000000000/dai', 'AIDADAI2'],
  ])
  const roles = new Map<string, FakeRole>([
    ['222222222222/Dev', { roleId: 'AROADEV00000000000001', trust: pinnedTrust, sessionMinutes: 60 }],
    ['111111111111/Admin', { roleId: 'AROAADMIN000000000001', trust: pinnedTrust, sessionMinutes: 120 }],
    [
      '111111111111/Operator',
      {
        roleId: 'AROAOPERATOR000000001',
        trust: pinnedTrust,
        sessionMinutes: 120,
        boundaryArn: 'arn:aws:iam::111111111111:policy/curfew/leash-Operator',
      },
    ],
  ])
  const standing = new Map<string, 'direct' | 'group'>()
  const operations: Running[] = []
  const late: { act: () => void; at?: Instant }[] = []
  let moment = clock.now()
  const nameOf = ({ accountId, permissionSetArn, principalId }: Assignment) =>
    `${accountId}/${permissionSetArn}/${principalId}`

  /** Brings AWS up to the clock: what was under way ends, and what was late arrives, in the order of their times. */
  const settle = () => {
    const arrived = late.filter(({ at }) => at !== undefined && at <= clock.now())
    arrived.sort((one, other) => ((one.at ?? '') < (other.at ?? '') ? -1 : 1))
    for (const call of arrived) {
      late.splice(late.indexOf(call), 1)
      finishOperations(call.at ?? clock.now())
      arrive(call.act)
    }
    finishOperations(clock.now())
  }

  const finishOperations = (until: Instant) => {
    moment = until
    for (const operation of operations) {
      if (operation.state !== 'working' || until < operation.endsAt) continue
      operation.state = operation.outcome
      if (operation.outcome !== 'succeeded') continue
      if (operation.kind === 'create') standing.set(nameOf(operation.assignment), 'direct')
      else standing.delete(nameOf(operation.assignment))
      fake.changes.push(`${operation.kind}d ${nameOf(operation.assignment)}`)
    }
  }

  /** A late call may find AWS unwilling; nobody hears of it. */
  const arrive = (act: () => void) => {
    try {
      act()
    } catch {}
  }

  async function call<T>(operation: string, maySend: MaySend, act: () => T): Promise<T> {
    settle()
    if (!maySend()) throw new Fault('claim_lost', 'not sent', { retryable: true, answered: true })
    const fate = fake.fate(operation)
    if (fate === 'throttled') throw new Fault('throttled', 'Rate exceeded', { retryable: true, answered: true })
    if (fate === 'denied') throw new Fault('access_denied', 'not authorized', { retryable: false, answered: true })
    const isLate = fate === 'late' || typeof fate === 'object'
    if (isLate) late.push({ act, ...(typeof fate === 'object' && { at: fate.arrivesAt }) })
    const result = fate === 'lost' || isLate ? undefined : act()
    if (fate !== 'done') throw new Fault('no_answer', 'timed out', { retryable: true, answered: false })
    return result as T
  }

  function start(kind: 'create' | 'remove', assignment: Assignment): Operation {
    if (operations.some(other => other.state === 'working' && nameOf(other.assignment) === nameOf(assignment))) {
      throw new Fault('conflict', 'in progress', { retryable: true, answered: true })
    }
    const absent = kind === 'remove' && standing.get(nameOf(assignment)) !== 'direct'
    const failed = absent || (kind === 'create' && fake.failCreations !== undefined)
    const operation: Running = {
      ...{ id: `op-${operations.length + 1}`, state: 'working', kind, assignment },
      endsAt: plusSeconds(moment, fake.operationSeconds),
      outcome: failed ? 'failed' : 'succeeded',
      ...(failed && { reason: absent ? 'No such assignment' : (fake.failCreations ?? '') }),
    }
    operations.push(operation)
    return { id: operation.id, state: 'working' }
  }

  const contentOf = (permissionSetArn: string): SetContent =>
    permissionSetArn === leashedSetArn
      ? { boundary: '/curfew/leash-Curfew-Leashed', ...fake.setContent }
      : fake.setContent

  const fake: FakeAws = {
    policies,
    users,
    roles,
    changes: [],
    operationSeconds: 3,
    principal: (accountId, userName) => ({ arn: `arn:aws:iam::${accountId}:user/${userName}` }),
    setContent: aSetContent(),
    fate: () => 'done',
    standing: async () => ({ policies, assigned: fake.assigned(), leashes: fake.leashes.versions }),
    assignByHand: async person => {
      const assignment = {
        accountId: '111111111111',
        permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
        principalId: `principal-${person}`,
      }
      fake.assign(assignment)
      return nameOf(assignment)
    },
    creations: ({ fail, seconds }) => {
      fake.operationSeconds = seconds
      if (fail) fake.failCreations = 'The account is at its limit of roles'
      else delete fake.failCreations
    },
    changeRole: how => {
      const name = '222222222222/Dev'
      const role = roles.get(name)
      if (!role) return
      if (how === 'made anew') roles.set(name, { ...role, roleId: `${role.roleId}X` })
      else roles.set(name, { ...role, trust: how === 'own name' ? pinnedTrust : anyNameTrust })
    },
    sendLate: async (act, arrivesAt) => {
      const { fate } = fake
      fake.fate = () => ({ arrivesAt })
      act().catch(() => undefined)
      fake.fate = fate
    },
    assigned: () => {
      settle()
      return [...standing.keys()]
    },
    assign: (assignment, through = 'direct') => standing.set(nameOf(assignment), through),
    unassign: principalId => {
      settle()
      for (const name of standing.keys()) if (name.endsWith(`/${principalId}`)) standing.delete(name)
    },
    arrive: () => {
      settle()
      for (const { act } of late.splice(0)) arrive(act)
    },
    inlinePolicies: {
      findRole: async (accountId, roleName) => {
        const role = roles.get(`${accountId}/${roleName}`)
        return role && { roleName, ...role, arn: `arn:aws:iam::${accountId}:role/${roleName}` }
      },
      findUser: async (accountId, userName) => {
        const userId = users.get(`${accountId}/${userName}`)
        return userId === undefined ? undefined : { userName, userId, ...fake.principal(accountId, userName) }
      },
      ownArn: async () => 'arn:aws:sts::000000000000:assumed-role/curfew-bot/worker',
      usedCharacters: async () => 0,
      read: async place => {
        settle()
        const document = policies.get(keyOf(place))
        return document && JSON.stringify(document)
      },
      put: (place, document, _id, maySend) =>
        call('put', maySend, () => {
          policies.set(keyOf(place), document)
          fake.changes.push(`put ${place.policyName}`)
        }),
      remove: (place, _id, maySend) =>
        call('delete', maySend, () => {
          policies.delete(keyOf(place))
          fake.changes.push(`delete ${place.policyName}`)
        }),
    },
    assignments: {
      findUser: async by => ({
        principalId: `principal-${('email' in by ? by.email : by.userName).split('@')[0]}`,
        userName: 'email' in by ? by.email : by.userName,
        enabled: true,
      }),
      findPermissionSet: async name => {
        const permissionSetArn = name === 'Curfew-Leashed' ? leashedSetArn : 'arn:aws:sso:::permissionSet/ssoins-1/ps-1'
        return { permissionSetArn, sessionMinutes: 60, content: contentOf(permissionSetArn) }
      },
      permissionSetContent: async permissionSetArn => contentOf(permissionSetArn),
      held: async assignment => {
        settle()
        return standing.get(nameOf(assignment))
      },
      listed: async assignment => {
        settle()
        return standing.get(nameOf(assignment)) === 'direct'
      },
      create: (assignment, maySend) => call('create', maySend, () => start('create', assignment)),
      remove: (assignment, maySend) => call('remove', maySend, () => start('remove', assignment)),
      operation: async (_kind, id) => {
        settle()
        const found = operations.find(operation => operation.id === id)
        if (!found) throw new Fault('not_found', 'no such operation', { retryable: false, answered: true })
        return { id, state: found.state, ...(found.reason && { reason: found.reason }) }
      },
      operationInProgress: async assignment => {
        settle()
        const found = operations.find(
          other => other.state === 'working' && nameOf(other.assignment) === nameOf(assignment),
        )
        return found && { kind: found.kind, id: found.id }
      },
    },
    simulator: {
      allowedBy: async ({ holder: { accountId, name: holder } }) => {
        settle()
        const isOpen = ({ Statement }: PolicyDocument) =>
          Statement.some(({ Condition }) => clock.now() < String(Condition['DateLessThan']?.['aws:CurrentTime']))
        const open = [...policies].filter(
          ([name, policy]) => name.startsWith(`${accountId}/${holder}/`) && isOpen(policy),
        )
        return open.map(([name]) => name)
      },
    },
    leashes: createFakeLeashes(call, settle),
    accounts: { find: async () => ({ active: true, state: 'ACTIVE' }) },
  }
  return fake
}
