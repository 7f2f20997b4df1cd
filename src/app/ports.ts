import type { AccessRequest } from '../core/access-request.ts'
import type { Announcement } from '../core/announcements.ts'
import type { PersonFacts } from '../core/approval-rules.ts'
import type { AuditRecord } from '../core/audit.ts'
import type { EndAll, EndAllId } from '../core/end-all.ts'
import type { Language } from '../core/entitlement.ts'
import type { LogEvent } from '../core/events.ts'
import type { RequestId } from '../core/ids.ts'
import type { PolicyDocument } from '../core/inline-policy.ts'
import type { Instant } from '../core/instant.ts'
import type { AwsIdentityKey, IdentityOwner, KnownIdentity } from '../core/known-identity.ts'
import type { LeashDocument } from '../core/leash.ts'
import type { Entry } from '../core/pinning.ts'
import type { Holder, PolicyPlace } from '../core/policy-place.ts'
import type { Question } from '../core/proof.ts'
import type { Comparison, Listed, Look, Reconciled } from '../core/reconcile.ts'
import type { Roster, RosterKey } from '../core/roster.ts'
import type { SetContent } from '../core/set-content.ts'
import type { Slots } from '../core/slots.ts'
import type { Principal } from '../core/untouchable.ts'

/** AWS's clock: `now` may jump forward, and throws a Fault while it was not measured; `after` lets real time pass. */
export type Clock = {
  now(): Instant
  after(milliseconds: number): Promise<void>
}

/** What became of a conditional write: stored as given, or what stands there instead (undefined: nothing does). */
export type Written<T> = { stored: T } | { current: T | undefined }

/**
 * The table. `write` stores the item with `version` + 1 if the stored version is still the one given (0: if there is
 * none), a fresh `writeId` and a `dueAt` computed from the item; an unheard write is looked up by its `writeId`.
 * All reads but `due`, `live`, `byRequester` and `byMonth` are consistent. Every method throws a Fault when the table
 * cannot be asked.
 */
export type Table = {
  request(id: RequestId): Promise<AccessRequest | undefined>
  writeRequest(request: AccessRequest): Promise<Written<AccessRequest>>
  roster(key: RosterKey): Promise<Roster | undefined>
  writeRoster(roster: Roster): Promise<Written<Roster>>
  /** Who somebody was found to be in AWS the first time. */
  identity(slackUserId: string): Promise<KnownIdentity | undefined>
  writeIdentity(identity: KnownIdentity): Promise<Written<KnownIdentity>>
  /** The Slack person to whom an AWS identity belongs. */
  identityOwner(key: AwsIdentityKey): Promise<IdentityOwner | undefined>
  writeIdentityOwner(owner: IdentityOwner): Promise<Written<IdentityOwner>>
  /** Somebody's wish that everything of a person ends. */
  endAll(id: EndAllId): Promise<EndAll | undefined>
  writeEndAll(endAll: EndAll): Promise<Written<EndAll>>
  /** Candidates due at `now`, by `dueAt`. The index lags: re-read each before acting. */
  due(now: Instant): Promise<ItemRef[]>
  /** A person's requests, newest first, at most so many, without those that cannot be read; the index lags. */
  byRequester(slackUserId: string, limit: number): Promise<AccessRequest[]>
  /** The same of all requests submitted in a month of UTC (`2026-11`). */
  byMonth(month: string, limit: number): Promise<AccessRequest[]>
  /** Everything that is due at some time, however far off: what has not come to its end. The index lags. */
  live(): Promise<ItemRef[]>
  /** What is remembered of the last comparison with AWS. */
  reconciled(): Promise<Reconciled | undefined>
  writeReconciled(reconciled: Reconciled): Promise<Written<Reconciled>>
  /** What was last found in each place of a comparison, without what cannot be read. */
  looks(): Promise<Look[]>
  writeLook(look: Look): Promise<Written<Look>>
  /** Whose turn it is to change assignments. */
  slots(): Promise<Slots | undefined>
  writeSlots(slots: Slots): Promise<Written<Slots>>
}

/** Points at an item with work: a hint that may be late, repeated or lost. */
export type ItemRef = { requestId: RequestId } | { roster: RosterKey } | { endAll: EndAllId }

/** Asked after signing, just before a call that changes AWS leaves: false once the claim no longer covers it. */
export type MaySend = () => boolean

/** Inline policies on IAM users and roles, in any account of the catalogue. Every method has a deadline and throws Faults. */
export type InlinePolicies = {
  /** The user's stored-case name, unique id and what else decides whether it may be a target; undefined when there is none. */
  findUser(accountId: string, userName: string): Promise<FoundUser | undefined>
  /** The same of a role, with its trust policy as text and how long its sessions may last; undefined when there is none. */
  findRole(accountId: string, roleName: string): Promise<FoundRole | undefined>
  /** The ARN of the credentials the bot itself works with. */
  ownArn(): Promise<string>
  /** Characters (not white space) that the holder's inline policies take together. */
  usedCharacters(holder: Holder): Promise<number>
  /** The policy as it stands, or undefined when it or its holder is absent. */
  read(place: PolicyPlace): Promise<string | undefined>
  put(place: PolicyPlace, document: PolicyDocument, requestId: RequestId, maySend: MaySend): Promise<void>
  /** Absent already is fine. */
  remove(place: PolicyPlace, requestId: RequestId, maySend: MaySend): Promise<void>
}

/** An IAM user as IAM has it now. */
export type FoundUser = { userName: string; userId: string } & Principal

/** A role as IAM has it now. */
export type FoundRole = { roleName: string; roleId: string; trust: string; sessionMinutes: number } & Principal

/** Asks AWS what it would say to a call; changes nothing. Has a deadline and throws Faults. */
export type Simulator = {
  /** The policies by which AWS would allow some of it, by AWS's names for them; empty when it refuses all. */
  allowedBy(question: Question): Promise<string[]>
}

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
  /**
   * Whether AWS lists the person's own assignment now: what a removal has to end. Asks Identity Center's assignments
   * alone, so that it is told while people and groups cannot be looked up. False too when the set itself was deleted.
   */
  listed(assignment: Assignment): Promise<boolean>
  create(assignment: Assignment, maySend: MaySend): Promise<Operation>
  remove(assignment: Assignment, maySend: MaySend): Promise<Operation>
  operation(kind: 'create' | 'remove', id: string): Promise<Operation>
  /** An operation on exactly this assignment that AWS is still working on: finds one whose id was lost. */
  operationInProgress(assignment: Assignment): Promise<{ kind: 'create' | 'remove'; id: string } | undefined>
}

/**
 * Leashes: customer managed policies that bound the roles of permission sets, one per set and account. Every method
 * has a deadline and throws Faults.
 */
export type Leashes = {
  /** The policy as it applies now, as canonical JSON; undefined when the account has none for the set. */
  read(leash: LeashKey): Promise<string | undefined>
  /** Makes this the policy that applies. */
  publish(leash: LeashKey, document: LeashDocument, maySend: MaySend): Promise<void>
  /** The role of the set in the account, and its boundary; undefined where the set has no role there. */
  role(leash: LeashKey): Promise<{ arn: string; boundaryArn?: string } | undefined>
}

/** Which leash: the one of this set in this account. */
export type LeashKey = RosterKey & { permissionSetArn: string }

/**
 * What stands in AWS, for comparing it with the table. Slow on purpose, at most four calls a second: the limits of
 * Identity Center and IAM are shared with requests that people wait for. Throws Faults.
 */
export type Inventory = {
  /** The policies that bear Curfew's name (`curfew-req_…`), on every IAM user and role of the account. */
  listOwnPolicies(accountId: string): Promise<PolicyPlace[]>
  /** The ARNs of permission sets by name; a name that AWS does not know is left out. */
  findPermissionSets(names: string[]): Promise<Map<string, string>>
  /** Users, and groups with somebody in them, that have the set in the account, wherever that came from. */
  listAssignments(accountId: string, permissionSetArn: string): Promise<Listed[]>
}

/**
 * What a look at whether AWS is as the catalogue needs it reads beside the inventory, and as slowly. Throws Faults.
 */
export type Survey = {
  /** Takes on the member role of the account, and does nothing there. */
  enter(accountId: string): Promise<void>
  /** What the set gives; undefined when it is gone. */
  permissionSetContent(permissionSetArn: string): Promise<SetContent | undefined>
  /** Who has the set in the account. `anchors`: groups without anybody in them, which give nobody anything. */
  assigned(accountId: string, permissionSetArn: string): Promise<{ held: Listed[]; anchors: Listed[] }>
  /** What the account's users and roles are called, by their unique ids. */
  principalNames(accountId: string): Promise<Map<string, string>>
}

/** Who entered which role, as the trail of the role's account tells: two pages a second at most. Throws Faults. */
export type Trail = {
  /** Where it is kept: an entry is told in the region of the STS that was asked, and nowhere else. */
  regions(): Promise<string[]>
  /** Everybody whom AWS let in within the last 90 days, the latest first. */
  entries(accountId: string, roleArn: string, region: string): Promise<Entry[]>
}

/** Tells operators what a comparison found; one message a day, which a second call for the same day does not repeat. */
export type Digest = { post(day: string, comparison: Comparison): Promise<void> }

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

/** What Slack says of a person: whether they may act, and how to speak to them. */
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

/** Tells an operator how far their wish that everything of a person ends has come: one message, updated. Throws Faults. */
export type Notices = {
  post(endAll: EndAll, requests: AccessRequest[]): Promise<{ channel: string; ts: string }>
  update(endAll: EndAll, requests: AccessRequest[], at: { channel: string; ts: string }): Promise<void>
  find(endAll: EndAll): Promise<{ channel: string; ts: string } | undefined>
}

/** One structured line per event. Never reasons people typed, tokens or policy bodies. */
export type Log = (event: LogEvent, fields: Record<string, string | number | boolean | undefined>) => void

/**
 * The audit trail: what happened to requests, and each change of AWS before it is sent. It goes where the bot can add
 * and never alter. What happened is written once it is stored, before the work that follows from it; a process that dies
 * between the two leaves it to the next, so no line is lost and one may come twice.
 */
export type Audit = (record: AuditRecord) => void

/** Everything the application does its work with. */
export type Ports = {
  table: Table
  clock: Clock
  inlinePolicies: InlinePolicies
  simulator: Simulator
  assignments: Assignments
  leashes: Leashes
  accounts: Accounts
  directory: Directory
  announcer: Announcer
  notices: Notices
  log: Log
  audit: Audit
  /** A hint that the item has work now; only saves time. */
  wake(item: ItemRef): void
  /** False in incidents and restores: nothing is added to AWS, and everything is still taken away. */
  grantsOn: boolean
  /** A fresh random token for claims. */
  token(): string
}
