import { z } from 'zod'
import type { AccessRequest, Target } from '../../core/access-request.ts'
import { openedKinds } from '../../core/after-end.ts'
import type { Grantable } from '../../core/entitlement.ts'
import type { IdentityOwner, KnownIdentity } from '../../core/known-identity.ts'
import type { Roster } from '../../core/roster.ts'
import type { Slots } from '../../core/slots.ts'
import { claim, count, instant, refusalCode, requestId, retry, texts } from './schema-parts.ts'

const statements = z.array(z.looseObject({ actions: texts, resources: texts }))

const text = z.looseObject({ en: z.string(), ja: z.string() })
// What was stored before it was looked at counts as not known.
const afterEnd = z
  .looseObject({ escapes: texts, lasts: texts, opens: z.array(z.enum(openedKinds)), unread: texts })
  .default({ escapes: [], lasts: [], opens: [], unread: ['an earlier record'] })
const words = z.looseObject({ lines: z.array(text), careful: text.exactOptional() })
const limits = { requireMfa: z.boolean().exactOptional(), regions: texts.exactOptional() }

const leash = z.enum(['required', 'off'])

const asked: z.ZodType<Grantable> = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('inlinePolicy'),
    on: z.union([z.literal('user'), z.looseObject({ role: z.string() })]),
    statements,
    words: words.exactOptional(),
    ...limits,
  }),
  z.looseObject({ kind: z.literal('permissionSet'), permissionSet: z.string(), leash: z.enum(['off', 'required']) }),
  z.looseObject({ kind: z.literal('assume'), role: z.string(), requireMfa: limits.requireMfa }),
])

const jumpUser = { userAccountId: z.string(), userName: z.string(), userId: z.string() }

const target: z.ZodType<Target> = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('inlinePolicy'),
    accountId: z.string(),
    userName: z.string(),
    userId: z.string(),
    policyName: z.string(),
    statements,
    ...limits,
  }),
  z.looseObject({
    kind: z.literal('rolePolicy'),
    accountId: z.string(),
    roleName: z.string(),
    roleId: z.string(),
    roleArn: z.string(),
    ...jumpUser,
    policyName: z.string(),
    statements,
    boundFrom: instant.exactOptional(),
    ...limits,
  }),
  z.looseObject({
    kind: z.literal('assume'),
    accountId: z.string(),
    roleName: z.string(),
    roleId: z.string(),
    roleArn: z.string(),
    sessionMinutes: count,
    leash: leash.default('off'),
    ...jumpUser,
    policyName: z.string(),
    openBy: z.string().exactOptional(),
    requireMfa: limits.requireMfa,
  }),
  z.looseObject({
    kind: z.literal('permissionSet'),
    accountId: z.string(),
    permissionSet: z.string(),
    permissionSetArn: z.string(),
    // Before there were leashes nobody wrote that there is none.
    leash: leash.default('off'),
    principalId: z.string(),
    userName: z.string(),
    sessionMinutes: count,
    content: z.looseObject({
      hash: z.string(),
      sessionMinutes: count,
      managed: texts,
      customer: texts,
      boundary: z.string().exactOptional(),
      inline: z.string().exactOptional(),
      words,
      afterEnd,
    }),
  }),
])

const facts = {
  id: requestId,
  version: count,
  writeId: z.string(),
  requester: z.looseObject({
    slackUserId: z.string(),
    name: z.string(),
    email: z.string(),
    language: z.enum(['en', 'ja']),
    timeZone: z.string(),
  }),
  entitlementId: z.string(),
  title: text,
  account: z.looseObject({ key: z.string(), id: z.string(), name: z.string(), sensitive: z.boolean() }),
  parameters: z.record(z.string(), z.string()),
  asked,
  durationMinutes: count,
  reason: z.string(),
  ticket: z.string().exactOptional(),
  submittedAt: instant,
  lapsesAt: instant,
  approvals: z.array(z.looseObject({ userId: z.string(), at: instant, clickId: z.string() })),
  heldUntil: instant.exactOptional(),
  approversAtSubmission: texts.exactOptional(),
  stray: z.looseObject({ because: z.string() }).exactOptional(),
  clicks: z.array(
    z.looseObject({
      id: z.string(),
      userId: z.string(),
      teamId: z.string(),
      action: z.enum(['approve', 'deny', 'cancel', 'end', 'end_all', 'removed']),
      reason: z.string().exactOptional(),
      at: instant,
    }),
  ),
  replies: z.array(z.looseObject({ clickId: z.string(), userId: z.string(), code: refusalCode })),
  history: z.array(
    z.looseObject({
      at: instant,
      event: z.string(),
      by: z.string().exactOptional(),
      clickId: z.string().exactOptional(),
      note: z.string().exactOptional(),
      count: count.exactOptional(),
      audited: z.literal(true).exactOptional(),
    }),
  ),
  announced: z.record(
    z.string(),
    z.looseObject({
      shows: z.string(),
      channel: z.string().exactOptional(),
      ts: z.string().exactOptional(),
      begunAt: instant.exactOptional(),
      unsent: z.literal(true).exactOptional(),
      elsewhere: z.string().exactOptional(),
      givenUp: z.string().exactOptional(),
      retry: retry.extend({ refusals: count }).exactOptional(),
    }),
  ),
  retries: z.looseObject({
    work: retry.exactOptional(),
    judge: retry.exactOptional(),
    proof: retry.exactOptional(),
  }),
  claim: claim.exactOptional(),
  quietAt: instant.exactOptional(),
  lookAt: instant.exactOptional(),
}

const decided = { target, decidedBy: z.string(), decidedAt: instant }
const granted = { ...decided, startsAt: instant, expiresAt: instant }
const proof = z.looseObject({
  at: instant,
  answer: z.enum(['gone', 'otherwise', 'still', 'not_asked']),
  note: z.string().exactOptional(),
})
const over = {
  ...granted,
  endedAt: instant,
  keptUntil: instant.exactOptional(),
  proof: proof.exactOptional(),
  settledBy: z.looseObject({ userId: z.string(), reason: z.string(), confirmed: z.boolean() }).exactOptional(),
}
const failed = { code: refusalCode, note: z.string().exactOptional() }
const leaving = {
  outcome: z.discriminatedUnion('status', [
    z.looseObject({ status: z.literal('expired') }),
    z.looseObject({ status: z.literal('revoked'), by: z.string() }),
    z.looseObject({ status: z.literal('grant_failed'), ...failed }),
  ]),
  revokingSince: instant,
  leftRosterVersion: count.exactOptional(),
}

/** A request as it is stored, one shape per status. */
export const requestSchema: z.ZodType<AccessRequest> = z.discriminatedUnion('status', [
  z.looseObject({ ...facts, status: z.literal('stray'), target }),
  z.looseObject({ ...facts, status: z.literal('checking') }),
  z.looseObject({ ...facts, status: z.literal('refused'), ...failed }),
  z.looseObject({ ...facts, status: z.literal('pending'), target }),
  z.looseObject({ ...facts, status: z.literal('denied'), ...decided, denialReason: z.string() }),
  z.looseObject({
    ...facts,
    status: z.literal('cancelled'),
    target,
    decidedAt: instant,
    cancelledBy: z.string().exactOptional(),
  }),
  z.looseObject({ ...facts, status: z.literal('lapsed'), target }),
  z.looseObject({ ...facts, status: z.literal('granting'), ...granted }),
  z.looseObject({ ...facts, status: z.literal('active'), ...granted, activeAt: instant }),
  z.looseObject({ ...facts, status: z.literal('revoking'), ...granted, ...leaving }),
  z.looseObject({ ...facts, status: z.literal('revoke_failed'), ...granted, ...leaving }),
  z.looseObject({ ...facts, status: z.literal('expired'), ...over }),
  z.looseObject({ ...facts, status: z.literal('revoked'), ...over, endedBy: z.string() }),
  z.looseObject({ ...facts, status: z.literal('grant_failed'), ...over, ...failed }),
])

const member = z.looseObject({
  principalId: z.string(),
  userName: z.string(),
  state: z.enum(['absent', 'creating', 'present', 'removing']),
  heldBy: z.record(requestId, instant),
  observedAbsentAt: instant.exactOptional(),
  over: z.looseObject({ since: instant, until: instant }).exactOptional(),
  operation: z
    .looseObject({ kind: z.enum(['create', 'remove']), id: z.string(), begunAt: instant.exactOptional() })
    .exactOptional(),
  failure: z
    .looseObject({
      code: z.enum(['already_held', 'aws_refused', 'permission_set_changed', 'not_leashed']),
      message: z.string(),
    })
    .exactOptional(),
  lookAt: instant.exactOptional(),
  retry: retry.exactOptional(),
})

/** What is known of a Slack person, as it is stored. */
export const identitySchema: z.ZodType<KnownIdentity> = z.looseObject({
  slackUserId: z.string(),
  version: count,
  writeId: z.string(),
  places: z.record(z.string(), z.looseObject({ name: z.string(), id: z.string() })),
})

/** Whom an AWS identity belongs to, as it is stored. */
export const identityOwnerSchema: z.ZodType<IdentityOwner> = z.looseObject({
  place: z.string(),
  id: z.string(),
  slackUserId: z.string(),
  version: count,
  writeId: z.string(),
})

/** A roster as it is stored. */
export const rosterSchema: z.ZodType<Roster> = z.looseObject({
  accountId: z.string(),
  permissionSet: z.string(),
  permissionSetArn: z.string(),
  version: count,
  writeId: z.string(),
  members: z.record(z.string(), member),
  leash: z
    .looseObject({
      generation: count,
      verified: z.looseObject({ generation: count, at: instant }).exactOptional(),
      retry: retry.exactOptional(),
    })
    .exactOptional(),
  reserved: z.record(requestId, z.string()).exactOptional(),
  claim: claim.exactOptional(),
  quietAt: instant.exactOptional(),
  retry: retry.exactOptional(),
})

/** Whose turn it is to change assignments, as it is stored. */
export const slotsSchema: z.ZodType<Slots> = z.looseObject({
  version: count,
  writeId: z.string(),
  held: z.record(z.string(), z.looseObject({ permissionSet: z.string(), until: instant })),
})
