import type { AccessRequest, PolicyTarget, Proof, RequestIn } from '../core/access-request.ts'
import type { Fault } from '../core/errors.ts'
import type { Instant } from '../core/instant.ts'
import { whyRoleUnbound } from '../core/leash-ready.ts'
import { fileProof } from '../core/lifecycle.ts'
import { placeOf } from '../core/policy-place.ts'
import { nextProofAt, questionOf } from '../core/proof.ts'
import { roleOf, type Seat, seatOf } from '../core/roster-seat.ts'
import { during, type Found, quietly } from './found.ts'
import type { Ports } from './ports.ts'
import { retried } from './retry.ts'

type Ended = RequestIn<'expired' | 'revoked'>
type Answer = Omit<Proof, 'at'>

/** Asks AWS, some time after the end, whether the access is really gone, and files what it says. Only reads. */
export async function proveEnd(ports: Ports, held: Ended): Promise<Found> {
  const answer = await ask(ports, held)
  // IAM may have to hear of the removal yet: what still seems allowed is asked again before anybody is alarmed.
  return quietly(answer.answer === 'still' ? tried('AWS still allows it', answer) : filed(answer))
}

/** Not being able to ask is no reason to ask for ever: after a handful of tries that is what is filed. */
export function unproven(fault: Fault): Found['outcome'] {
  const notAsked: Answer = { answer: 'not_asked', note: fault.message }
  return fault.retryable ? tried(fault.message, notAsked) : filed(notAsked)
}

async function ask(ports: Ports, { target }: Ended): Promise<Answer> {
  const { assignments, inlinePolicies, simulator, clock } = ports
  const seat = seatOf(target)
  // A later request of theirs may have brought it back.
  if (seat && (await isHeld(ports, seat))) return { answer: 'otherwise', note: 'another request' }
  if (seat?.leash === 'required' && !(await isShutOut(ports, seat))) return { answer: 'still', note: 'the leash' }
  if (target.kind === 'permissionSet') {
    return (await assignments.listed(target)) ? { answer: 'still', note: 'the assignment' } : { answer: 'gone' }
  }
  const arn = await holderArn(inlinePolicies, target)
  if (arn === undefined) return { answer: 'gone' }
  const allowedBy = await simulator.allowedBy(questionOf(target, arn, clock.now()))
  if (allowedBy.length === 0) return { answer: 'gone' }
  // AWS names a policy after whom it is on and itself; ours has the id of the request in its name. Should it not be
  // named although it stands, it counts all the same.
  const isOwn = allowedBy.some(policy => policy.includes(target.policyName))
  if (isOwn || (await inlinePolicies.read(placeOf(target))) !== undefined) {
    return { answer: 'still', note: target.policyName }
  }
  return { answer: 'otherwise', note: allowedBy.slice(0, 3).join(', ') }
}

async function isHeld({ table }: Ports, { key, principalId }: Seat): Promise<boolean> {
  const member = (await table.roster(key))?.members[principalId]
  return Object.keys(member?.heldBy ?? {}).length > 0
}

/** Of a set the leash names who may use it, of a role who may not any more; and it counts where the role carries it. */
async function isShutOut({ leashes, table }: Ports, { key, arn, principalId }: Seat): Promise<boolean> {
  // Forgotten when no session can be left that has to be kept out.
  if (roleOf(key) !== undefined && !(await table.roster(key))?.members[principalId]) return true
  const place = { ...key, permissionSetArn: arn }
  const [leash, role] = await Promise.all([leashes.read(place), leashes.role(place)])
  const isNamed = leash?.includes(JSON.stringify(principalId)) === true
  // A set whose role is gone from the account can be used by nobody.
  if (roleOf(key) === undefined && !role) return true
  return whyRoleUnbound(role, place) === undefined && isNamed === (roleOf(key) !== undefined)
}

/** Who carries the policy; undefined when they are gone, and another of the same name is another. */
async function holderArn(inlinePolicies: Ports['inlinePolicies'], target: PolicyTarget): Promise<string | undefined> {
  const { accountId, name } = placeOf(target)
  if (target.kind === 'rolePolicy') {
    const role = await inlinePolicies.findRole(accountId, name)
    return role?.roleId === target.roleId ? role.arn : undefined
  }
  const user = await inlinePolicies.findUser(accountId, name)
  return user?.userId === target.userId ? user.arn : undefined
}

/** Another attempt without a good answer: asked again later, or `last` is filed. */
function tried(problem: string, last: Answer): Found['outcome'] {
  return during(['expired', 'revoked'], (current, now): AccessRequest => {
    const put = retried(current, 'proof', problem, now)
    const { proof } = put.retries
    const at = proof && nextProofAt(proof.attempts, now)
    return at ? { ...put, retries: { ...put.retries, proof: { ...proof, at } } } : fileProof(put, last, now)
  })
}

function filed(answer: Answer): Found['outcome'] {
  return during(['expired', 'revoked'], (current, now: Instant) => fileProof(current, answer, now))
}
