import type { AccessRequest, Target } from '../core/access-request.ts'
import type { Announcement } from '../core/announcements.ts'
import type { PersonFacts } from '../core/approval-rules.ts'
import type { AuditRecord } from '../core/audit.ts'
import type { Language, Limits } from '../core/entitlement.ts'
import type { LogEvent } from '../core/events.ts'
import type { RequestId } from '../core/ids.ts'
import type { PolicyDocument } from '../core/inline-policy.ts'
import type { Instant } from '../core/instant.ts'
import type { KnownIdentity } from '../core/known-identity.ts'
import type { Roster, RosterKey } from '../core/roster.ts'
import type { SetContent } from '../core/set-content.ts'
import type { Principal } from '../core/untouchable.ts'

/** AWS's clock: `now` may jump forward; `after` lets real time pass. Throws while it was never measured. */
export type Clock = {
  now(): Instant
  after(milliseconds: number): Promise<void>
}

/** What became of a conditional write: stored as given, or what stands there instead (undefined: nothing does). */
export type Written<T> = { stored: T } | { current: T | undefined }

/**
 * The table. `write` stores the item with `version` + 1 if the stored version is still the one given (0: if there is
 * none), a fresh `writeId` and a `dueAt` computed from the item; an unheard write is looked up by its `writeId`.
 * All reads but `due` and `byRequester` are consistent. Every method throws a Fault when the table cannot be asked.
 */
export type Table = {
  request(id: RequestId): Promise<AccessRequest | undefined>
  writeRequest(request: AccessRequest): Promise<Written<AccessRequest>>
  roster(key: RosterKey): Promise<Roster | undefined>
  writeRoster(roster: Roster): Promise<Written<Roster>>
  /** Who somebody was found to be in AWS the first time. */
  identity(slackUserId: string): Promise<KnownIdentity | undefined>
  writeIdentity(identity: KnownIdentity): Promise<Written<KnownIdentity>>
  /** Candidates due at `now`, by `dueAt`. The index lags: re-read each before acting. */
  due(now: Instant): Promise<ItemRef[]>
  /** A person's requests, newest first, at most so many; the index lags. */
  byRequester(slackUserId: string, limit: number): Promise<AccessRequest[]>
}

/** Points at an item with work: a hint that may be late, repeated or lost. */
export type ItemRef = { requestId: RequestId } | { roster: RosterKey }

/** Asked after signing, just before a call that changes AWS leaves: false once the claim no longer covers it. */
export type MaySend = () => boolean

/** Inline policies on IAM users, in any account of the catalogue. Every method has a deadline and throws Faults. */
export type UserPolicies = {
  /** The user's stored-case name, unique id and what else decides whether it may be a target; undefined when there is none. */
  findUser(accountId: string, userName: string): Promise<({ userName: string; userId: string } & Principal) | undefined>
  /** The ARN of the credentials the bot itself works with. */
  ownArn(): Promise<string>
  /** Characters (not white space) that the user's inline policies take together. */
  usedCharacters(accountId: string, userName: string): Promise<number>
  /** The policy as it stands, or undefined when it or the user is absent. */
  read(target: UserPolicyTarget): Promise<string | undefined>
  put(target: UserPolicyTarget, document: PolicyDocument, requestId: RequestId, maySend: MaySend): Promise<void>
  /** Absent already is fine. */
  remove(target: UserPolicyTarget, requestId: RequestId, maySend: MaySend): Promise<void>
}

export type UserPolicyTarget = Omit<Extract<Target, { kind: 'inlinePolicy' }>, 'kind' | 'statements' | keyof Limits>

/** One assignment of a permission set to one user in one account. */
export type Assignment = { accountId: string; permissionSetArn: string; principalId: string }

/** How an asynchronous assignment call stands. */
export type Operation = { id: string; state: 'working' | 'succeeded' | 'failed'; reason?: string }

/** Identity Center. Every method has a deadline and throws Faults. */
export type Assignments = {
  /** The enabled user whose confirmed address or user name this is. */
  findUser(
    by: { email: string } | { userName: string },
  ): Promise<{ principalId: string; userName: string; enabled: boolean } | undefined>
  findPermissionSet(
    name: string,
  ): Promise<{ permissionSetArn: string; sessionMinutes: number; content: SetContent } | undefined>
  /** What the set gives now; undefined when it is gone. */
  permissionSetContent(permissionSetArn: string): Promise<SetContent | undefined>
  /** Whether the person has the set in the account now, directly or through a group, wherever it came from. */
  held(assignment: Assignment): Promise<'direct' | 'group' | undefined>
  create(assignment: Assignment, maySend: MaySend): Promise<Operation>
  remove(assignment: Assignment, maySend: MaySend): Promise<Operation>
  operation(kind: 'create' | 'remove', id: string): Promise<Operation>
  /** An operation on exactly this assignment that AWS is still working on: finds one whose id was lost. */
  operationInProgress(assignment: Assignment): Promise<{ kind: 'create' | 'remove'; id: string } | undefined>
}

/** Accounts of the organisation. */
export type Accounts = {
  /** Whether the account exists and may be used; `state` is AWS's word for it. */
  find(accountId: string): Promise<{ active: boolean; state: string } | undefined>
}

/** Slack's people and groups. `after`: facts fetched later than this instant only; otherwise up to 60 s old. Throws Faults. */
export type Directory = {
  person(userId: string, after?: Instant): Promise<PersonProfile>
  /** User ids in a Slack user group. */
  groupMembers(slackUserGroup: string, after?: Instant): Promise<string[]>
}

export type PersonProfile = Omit<PersonFacts, 'awsNames'> & {
  name: string
  email: string
  language: Language
  timeZone: string
}

/** The only poster. Each message carries metadata naming request and key, so that an unheard post can be found. */
export type Announcer = {
  post(request: AccessRequest, announcement: Announcement): Promise<{ channel: string; ts: string }>
  update(request: AccessRequest, announcement: Announcement, at: { channel: string; ts: string }): Promise<void>
  find(request: AccessRequest, announcement: Announcement): Promise<{ channel: string; ts: string } | undefined>
}

/** One structured line per event. Never reasons people typed, tokens or policy bodies. */
export type Log = (event: LogEvent, fields: Record<string, string | number | boolean | undefined>) => void

/**
 * The audit trail: what happened to requests, and each change of AWS before it is sent. It goes where the bot can add
 * and never alter. A line may come twice when a process dies; the request's own record has each once.
 */
export type Audit = (record: AuditRecord) => void

/** Everything the application does its work with. */
export type Ports = {
  table: Table
  clock: Clock
  userPolicies: UserPolicies
  assignments: Assignments
  accounts: Accounts
  directory: Directory
  announcer: Announcer
  log: Log
  audit: Audit
  /** A hint that the item has work now; only saves time. */
  wake(item: ItemRef): void
  /** False in incidents and restores: nothing is added to AWS, and everything is still taken away. */
  grantsOn: boolean
  /** A fresh random token for claims. */
  token(): string
}
