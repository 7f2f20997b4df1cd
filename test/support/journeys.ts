import { recordEndAll } from '../../src/app/record-end-all.ts'
import type { ClickAction } from '../../src/core/access-request.ts'
import { Fault } from '../../src/core/errors.ts'
import type { Instant } from '../../src/core/instant.ts'
import type { Bench } from './bench.ts'
import { anEndAll, anId, at } from './builders.ts'

type Step = { at: Instant; act: (bench: Bench) => Promise<unknown> }
/** What happens when, to how many requests, and what becomes of each. `endsWhenLate`: where a late call may matter. */
export type Journey = { prepare?: (bench: Bench) => void; steps: Step[]; ends: string[]; endsWhenLate?: string[] }

const submitAt = (time: string, entitlementId: string, n = 1): Step => ({
  at: at(time),
  act: bench => bench.submit({ entitlementId, n, durationMinutes: 30 }),
})
const clickAt = (time: string, action: ClickAction, userId: string, n = 1): Step => ({
  at: at(time),
  act: bench => bench.click(action, userId, { id: `${action}-${userId}-${n}`, request: anId(n) }),
})
const atOnce = (...steps: [Step, ...Step[]]): Step => ({
  at: steps[0].at,
  act: bench => Promise.all(steps.map(step => step.act(bench))),
})

const refuse = ({ aws }: Bench) => {
  aws.fate = operation => (operation === 'put' || operation === 'create' ? 'denied' : 'done')
}
const failLater = ({ aws }: Bench) => {
  aws.failCreations = 'The account is at its limit of roles'
}
const throttleAtFirst = ({ aws }: Bench) => {
  let calls = 0
  aws.fate = () => (++calls % 3 === 0 ? 'done' : 'throttled')
}
const loseAnswers = ({ aws }: Bench) => {
  const heard = new Set<string>()
  aws.fate = operation => {
    if (heard.has(operation)) return 'done'
    heard.add(operation)
    return 'unheard'
  }
}

/** From 10:40, when access ends, AWS takes nothing away; from 11:30 on it does. `blind`: it cannot be asked either. */
const failRemovals =
  (blind: boolean) =>
  ({ aws, clock }: Bench) => {
    const isFailing = () => at('10:40') <= clock.now() && clock.now() < at('11:30')
    const { operationInProgress } = aws.assignments
    aws.fate = operation => (isFailing() && ['delete', 'remove'].includes(operation) ? 'denied' : 'done')
    if (!blind) return
    const denied = () =>
      Promise.reject(new Fault('access_denied', 'not authorized', { retryable: false, answered: true }))
    const { read } = aws.inlinePolicies
    aws.inlinePolicies.read = target => (isFailing() ? denied() : read(target))
    aws.assignments.operationInProgress = one => (isFailing() ? denied() : operationInProgress(one))
  }

const removedByHand: Step = {
  at: at('11:10'),
  act: bench => {
    bench.aws.policies.clear()
    bench.aws.unassign('principal-alice')
    return bench.click('removed', 'U0CAROL', { id: 'removed-U0CAROL', reason: 'Deleted in the console' })
  },
}

const endEverything: Step = {
  at: at('10:30'),
  act: bench => recordEndAll(bench.ports, { ...anEndAll(), personId: 'U0ALICE' }),
}

/** Somebody makes the role anew: under the same name, and yet another one. */
const roleMadeAnew = (name: string): Step => ({
  at: at('10:20'),
  act: async ({ aws }) => {
    const role = aws.roles.get(name)
    if (role) aws.roles.set(name, { ...role, roleId: 'AROANEW00000000000001' })
  },
})

/** Somebody lets everybody of the jump account choose the names of their sessions. */
const trustLoosened: Step = {
  at: at('10:20'),
  act: async ({ aws }) => aws.changeRole?.('any name'),
}

/** Policies on roles, and those that let people in, go the way of all policies; what is theirs is being watched. */
/** Those of a grant on a role, or of entering one. */
export function roleJourneysOf(kind: string): Record<string, Journey> {
  const [submit, approve] = [submitAt('10:00', kind), clickAt('10:10', 'approve', 'U0BOB')]
  const names = ['approved and expired', 'unheard by us', 'ended early', 'ended early while it is extended']
  const common = Object.entries(journeysOf(kind)).filter(([name]) => names.includes(name))
  const roles: Record<string, string> = { 'team-table': '222222222222/Dev', 'prod-admin': '111111111111/Admin' }
  const role = roles[kind] ?? '111111111111/Operator'
  return {
    ...Object.fromEntries(common),
    'cut since the role was made anew': { steps: [submit, approve, roleMadeAnew(role)], ends: ['grant_failed'] },
    'cut while answers are lost': {
      ...{ prepare: loseAnswers, steps: [submit, approve, roleMadeAnew(role)] },
      ends: ['grant_failed'],
    },
    ...(kind === 'team-table' && {
      'cut since the trust policy was loosened': { steps: [submit, approve, trustLoosened], ends: ['grant_failed'] },
      'cut while it is extended': {
        steps: [submit, approve, submitAt('10:15', kind, 2), trustLoosened, clickAt('10:22', 'approve', 'U0EVE', 2)],
        ends: ['grant_failed', 'grant_failed'],
      },
    }),
  }
}

/** What may become of requests for an entitlement. */
export function journeysOf(kind: string): Record<string, Journey> {
  const submit = submitAt('10:00', kind)
  const approve = clickAt('10:10', 'approve', 'U0BOB')
  const [submitMore, approveMore] = [submitAt('10:20', kind, 2), clickAt('10:30', 'approve', 'U0EVE', 2)]
  const more = [submitMore, approveMore]
  const again = [submitAt('12:00', kind, 2), clickAt('12:10', 'approve', 'U0EVE', 2)]
  return {
    'approved and expired': { steps: [submit, approve], ends: ['expired'] },
    denied: { steps: [submit, clickAt('10:10', 'deny', 'U0BOB')], ends: ['denied'] },
    lapsed: { steps: [submit], ends: ['lapsed'] },
    cancelled: { steps: [submit, clickAt('10:10', 'cancel', 'U0ALICE')], ends: ['cancelled'] },
    // The late call is not refused, so it may well grant.
    'refused by AWS': {
      ...{ prepare: refuse, steps: [submit, approve], ends: ['grant_failed'] },
      endsWhenLate: ['grant_failed or expired'],
    },
    'throttled by AWS': { prepare: throttleAtFirst, steps: [submit, approve], ends: ['expired'] },
    'unheard by us': { prepare: loseAnswers, steps: [submit, approve], ends: ['expired'] },
    'approved twice at once': {
      steps: [submit, atOnce(approve, clickAt('10:10', 'approve', 'U0EVE'))],
      ends: ['expired'],
    },
    'asked again after the end': { steps: [submit, approve, ...again], ends: ['expired', 'expired'] },
    'asked again during the removal': {
      steps: [submit, approve, submitAt('10:40', kind, 2), clickAt('10:40:02', 'approve', 'U0EVE', 2)],
      ends: ['expired', 'expired'],
    },
    'ended early': { steps: [submit, approve, clickAt('10:30', 'end', 'U0ALICE')], ends: ['revoked'] },
    'ended by an operator': { steps: [submit, approve, clickAt('10:30', 'end', 'U0CAROL')], ends: ['revoked'] },
    'ended with everything else of the person': {
      steps: [submit, approve, submitMore, endEverything],
      ends: ['revoked', 'cancelled'],
    },
    'settled by hand': { prepare: failRemovals(false), steps: [submit, approve, removedByHand], ends: ['expired'] },
    'settled by hand, unconfirmed': {
      prepare: failRemovals(true),
      steps: [submit, approve, removedByHand],
      ends: ['expired'],
    },
    extended: { steps: [submit, approve, ...more], ends: ['expired', 'expired'] },
    'ended early while it is extended': {
      steps: [submit, approve, submitMore, atOnce(approveMore, clickAt('10:30', 'end', 'U0ALICE'))],
      ends: ['revoked', 'expired'],
    },
    ...(kind !== 'dev-table' && {
      'failing in AWS later': { prepare: failLater, steps: [submit, approve], ends: ['grant_failed'] },
    }),
  }
}
