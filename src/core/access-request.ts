import type { Account, Grantable, Language, Limits, Statement, Text } from './entitlement.ts'
import type { RefusalCode } from './errors.ts'
import type { RequestId } from './ids.ts'
import type { Instant } from './instant.ts'
import type { SetContent } from './set-content.ts'

/** The Slack person who asked, as Slack described them at submission. */
export type Requester = {
  slackUserId: string
  name: string
  email: string
  language: Language
  timeZone: string
}

/** What is asked for, copied from the catalogue at submission with the parameters filled in. */
export type Asked = Grantable

/** What AWS will be told, found at checking and never looked up again: removal uses stored ids only. */
export type Target =
  | ({
      kind: 'inlinePolicy'
      accountId: string
      userName: string
      /** The `AIDA…` id: a user recreated under the same name is another person. */
      userId: string
      policyName: string
      statements: Statement[]
    } & Limits)
  | ({
      kind: 'rolePolicy'
      accountId: string
      roleName: string
      /** The `AROA…` id: a role recreated under the same name is another role. */
      roleId: string
      roleArn: string
      /** Of the jump account. */
      userAccountId: string
      /** Also the name of every session of theirs: the trust policy of the role sees to it. */
      userName: string
      userId: string
      policyName: string
      statements: Statement[]
      /**
       * When the trust policy was found to do so, just before the policy is put for the first time: sessions issued
       * before may bear names that their holders chose.
       */
      boundFrom?: Instant
    } & Limits)
  | ({
      kind: 'assume'
      /** Where the role is; the policy that lets enter it is on the user. */
      accountId: string
      roleName: string
      roleId: string
      roleArn: string
      /** How long a session begun just before the end goes on after it: the longest the role allows. */
      sessionMinutes: number
      /** Whether the role carries its leash, with which AWS ends those sessions too. */
      leash: 'required' | 'off'
      userAccountId: string
      userName: string
      userId: string
      policyName: string
      /** The policy by which AWS let them in already when the request was checked: the grant adds nothing to it then. */
      openBy?: string
    } & Pick<Limits, 'requireMfa'>)
  | {
      kind: 'permissionSet'
      accountId: string
      permissionSet: string
      permissionSetArn: string
      /** Whether AWS itself ends it: `off` where it ends by removal. */
      leash: 'required' | 'off'
      principalId: string
      userName: string
      /** How long a session taken before the end goes on after it: the set's session duration. */
      sessionMinutes: number
      /** What the set gave when the request was checked: what the approver approves. */
      content: SetContent
    }

/** A target that takes an inline policy. */
export type PolicyTarget = Exclude<Target, { kind: 'permissionSet' }>

/** A click is a wish: recorded as it came, judged later with fresh facts. `id` makes a redelivered click one click. */
export type Click = {
  id: string
  userId: string
  /** The clicker's own team, not the app's: people from other organisations can click in shared channels. */
  teamId: string
  action: ClickAction
  reason?: string
  at: Instant
}

/** What a button wishes for. */
export type ClickAction = 'approve' | 'deny' | 'cancel' | 'end' | 'end_all' | 'removed'

/** Somebody who said yes. It counts while they are still who may say so when the request is judged. */
export type Approval = { userId: string; at: Instant; clickId: string }

/** One line of the record. Attempts that are alike are one entry with a count. */
export type HistoryEntry = {
  at: Instant
  event: string
  by?: string
  clickId?: string
  note?: string
  count?: number
  /** Its line was written to the audit trail. */
  audited?: true
}

/** A worker's hold on an item. No event shortens a live one; `quietBefore` is what `quietAt` goes back to. */
export type Claim = { token: string; at: Instant; until: Instant; quietBefore?: Instant }

/** When to try again what did not work, and why it did not. `since` is the first failure of the row. */
export type Retry = { attempts: number; at: Instant; since: Instant; problem: string }

/** Where a message stands and what it shows. Without `ts` the post was begun and its outcome is unknown. */
export type Announced = {
  shows: string
  channel?: string
  ts?: string
  /** When it was decided to post it: it cannot stand further back in its channel. */
  begunAt?: Instant
  /** Slack answered no to every attempt: it stands nowhere and need not be looked for. Taken away before each attempt. */
  unsent?: true
  /** Why it goes to the other channel of the catalogue: Slack's refusal of its own. */
  elsewhere?: string
  /** What it should have shown when it was given up; it is tried again when it has to show something else. */
  givenUp?: string
  /** Its own row of failed attempts, `refusals` of them definite: dead is one channel, not all of Slack. */
  retry?: Retry & { refusals: number }
}

/** Something to tell the person who clicked, since their click did nothing. */
export type Reply = { clickId: string; userId: string; code: RefusalCode }

type Facts = {
  id: RequestId
  version: number
  /** Marks the write that stored this version: found after an unheard write, it was ours. */
  writeId: string
  requester: Requester
  entitlementId: string
  title: Text
  account: Account
  parameters: Record<string, string>
  asked: Asked
  durationMinutes: number
  reason: string
  ticket?: string
  submittedAt: Instant
  lapsesAt: Instant
  approvals: Approval[]
  /** Until when the requester had the same already, from another request, when this one was checked. */
  heldUntil?: Instant
  /** It was not asked for: it owns something of ours in AWS that no request answers for, and `because` says why. */
  stray?: { because: string }
  /** In sensitive accounts: who was in an approver group at submission; joining one later does not make an approver. */
  approversAtSubmission?: string[]
  clicks: Click[]
  replies: Reply[]
  history: HistoryEntry[]
  announced: Record<string, Announced>
  retries: Partial<Record<'work' | 'judge' | 'proof', Retry>>
  claim?: Claim
  /** Until then a call nobody heard the answer of may still arrive. */
  quietAt?: Instant
  /** When to look at what AWS is still doing. */
  lookAt?: Instant
}

type Decided = { decidedBy: string; decidedAt: Instant }
type Granted = Decided & { target: Target; startsAt: Instant; expiresAt: Instant }

/** Why access ends: on time, by a person, or because it never came about. */
export type Outcome =
  | { status: 'expired' }
  | { status: 'revoked'; by: string }
  | { status: 'grant_failed'; code: RefusalCode; note?: string }

/** `leftRosterVersion`: once the roster of the permission set no longer lists the request. */
type Leaving = { outcome: Outcome; revokingSince: Instant; leftRosterVersion?: number }

/** `keptUntil`: the requester keeps the same until then, through another request. */
type Over = { endedAt: Instant; keptUntil?: Instant; settledBy?: Settled; proof?: Proof }

/** An operator's word that they removed it by hand. Not `confirmed`: AWS could not be asked whether it is gone. */
export type Settled = { userId: string; reason: string; confirmed: boolean }

/**
 * What AWS said when it was asked after the end. `still`: what Curfew gave works yet. `otherwise`: the same is allowed,
 * but not by what Curfew gave. `note` says by what, or why it could not be asked.
 */
export type Proof = { at: Instant; answer: 'gone' | 'otherwise' | 'still' | 'not_asked'; note?: string }

type Variants = {
  /** Found in AWS; an operator may end it. */
  stray: { target: Target }
  checking: object
  refused: { code: RefusalCode; note?: string }
  pending: { target: Target }
  denied: Decided & { target: Target; denialReason: string }
  /** Without `cancelledBy` it was the requester. */
  cancelled: { target: Target; decidedAt: Instant; cancelledBy?: string }
  lapsed: { target: Target }
  granting: Granted
  active: Granted & { activeAt: Instant }
  revoking: Granted & Leaving
  revoke_failed: Granted & Leaving
  expired: Granted & Over
  revoked: Granted & Over & { endedBy: string }
  grant_failed: Granted & Over & { code: RefusalCode; note?: string }
}

/** Where a request stands; each status owns its fields. */
export type Status = keyof Variants

/** An access request in one of these statuses. */
export type RequestIn<S extends Status> = { [K in S]: Facts & { status: K } & Variants[K] }[S]
/** An access request in any status. */
export type AccessRequest = RequestIn<Status>

const endStatuses = ['refused', 'denied', 'cancelled', 'lapsed', 'expired', 'revoked', 'grant_failed'] as const

/** Whether the request is decided for good: AWS is owed nothing, and at most asked once more. */
export function isEnded(request: AccessRequest): request is RequestIn<(typeof endStatuses)[number]> {
  return endStatuses.some(status => status === request.status)
}

/** Whether the request owes AWS a change, so that calls made for it may still be under way. */
export function owesAws(
  request: AccessRequest,
): request is RequestIn<'granting' | 'active' | 'revoking' | 'revoke_failed'> {
  return ['granting', 'active', 'revoking', 'revoke_failed'].includes(request.status)
}

/** Why the request's access, which was there, was ended by Curfew itself before its time; undefined when it was not. */
export function wasCutShort(request: AccessRequest): { code: RefusalCode; note?: string } | undefined {
  if (!request.history.some(({ event }) => event === 'activated')) return undefined
  if (request.status === 'grant_failed') return request
  return 'outcome' in request && request.outcome.status === 'grant_failed' ? request.outcome : undefined
}

/** Whether another worker holds the item now. */
export function isClaimed(item: { claim?: Claim }, now: Instant): boolean {
  return item.claim !== undefined && now < item.claim.until
}
