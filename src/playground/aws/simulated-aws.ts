// What differs from AWS: IAM changes take effect at once; signatures are not verified; nothing is throttled but by a
// fault; ids follow from names; a session taken in the portal goes on although the role it came from may have gone;
// no resource but a role has a policy of its own, and there are no service control policies; an MFA code can be used
// again; CloudTrail knows of successful entries into roles only, and at once; the policy simulator names no statements.

import type { Journal } from '../journal.ts'
import type { WorldClock } from '../world-clock.ts'
import { type Attempt, decide, deniedMessage, expiredMessage } from './authorization.ts'
import { perform } from './backend.ts'
import { type CallRecord, createCallLog, summarize } from './call-log.ts'
import { type Caller, callerOf } from './caller.ts'
import {
  type AssumeChoice,
  assumeRole,
  assumeRoleWithSaml,
  mfaProof,
  mfaSession,
  switchRole,
  type UserName,
} from './entering.ts'
import type { Decision } from './evaluator.ts'
import { type AwsEvent, apply } from './events.ts'
import { createFaults, type Faults } from './faults.ts'
import { serve } from './http.ts'
import { stateOf } from './initial-state.ts'
import type { AwsSeed, SeedPerson } from './seed.ts'
import { openPortalSession, type PortalChoice, type SignedIn, signInAsUser } from './sessions.ts'
import { type AwsSnapshot, snapshotOf } from './snapshot.ts'
import { type BoundaryChange, changeBoundary } from './sso-provisioning.ts'
import { type WayIn, waysIn } from './ways-in.ts'
import { type WhoCanAction, type WhoCanRow, whoCan } from './who-can.ts'

/** The answer to an action tried by a person: AWS's own sentence when refused. */
type TriedAction = { allowed: true } | { allowed: false; message: string }

/** An AWS on loopback that official SDK clients can talk to, and what a person can do in it. */
export type SimulatedAws = {
  /** For `AWS_ENDPOINT_URL`: one address for all services. */
  url: string
  /** Ends the server; held and keep-alive connections are broken off, late effects are dropped. */
  close(): Promise<void>
  /** Everything there is at this moment of the world clock, as plain JSON. */
  snapshot(): AwsSnapshot
  /** Keys of an IAM user; the same at every call. Throws when there is no such user. */
  userSession(input: UserName): SignedIn
  /**
   * A new role session from the access portal. Throws unless the user is enabled and an assignment, direct or through a
   * group, is in effect now. It lasts for the set's session duration, also when the assignment is deleted meanwhile.
   */
  portalSession(input: PortalChoice): SignedIn
  /** Temporary credentials of an IAM user, proven by the code of their MFA device; throws when they have none. */
  mfaSession(input: UserName): SignedIn
  /** What the MFA device of an IAM user shows now, for calls that take its code. */
  mfaCode(input: UserName): { SerialNumber: string; TokenCode: string }
  /**
   * Enters a role as the console does (the session is called as the user is; with MFA, unless `mfa` is false, when
   * they have a device). Throws AWS's own words when refused.
   */
  switchRole(input: UserName & { roleArn: string; mfa?: boolean }): SignedIn
  /** What a person could take in an account now: sessions of the portal, and of roles by switching to them. */
  waysIn(input: { person: SeedPerson; accountId: string }): WayIn[]
  /** Gives a permission set a boundary, or takes it off, by hand, in an account too. Throws AWS's own words. */
  changeBoundary(input: BoundaryChange): void
  /** Enters a role as the command line does, with any keys and under any name. Throws AWS's own words when refused. */
  assumeRole(input: AssumeChoice): SignedIn
  /** Enters a role through a SAML provider that its trust policy names. Throws when refused. */
  assumeRoleWithSaml(input: { providerArn: string; roleArn: string; sessionName: string }): SignedIn
  /** What the policies say, without AWS's wording or the key's expiry; `context` adds or replaces condition keys. */
  evaluate(input: Attempt & { as: { accessKeyId: string } }): Decision
  /** Tries an action of any service, as the owner of an access key, and answers in AWS's words. */
  tryAction(input: { as: { accessKeyId: string }; action: string; resource: string }): TriedAction
  /** Who of the seed's people can do what right now, and by which routes. */
  whoCan(input: { actions: WhoCanAction[] }): WhoCanRow[]
  faults: Faults
  /** The latest calls, oldest first; at most 500. */
  calls(): CallRecord[]
  /** Called when a call has ended; returns the function that ends it. */
  onCall(listener: (call: CallRecord) => void): () => void
}

/**
 * Starts the simulated AWS on 127.0.0.1 (port 0: any free one). Its state is the seed plus what the journal recorded.
 * Throws when the seed contradicts itself or the port is taken.
 */
export async function startSimulatedAws(input: {
  journal: Journal
  clock: WorldClock
  seed: AwsSeed
  port?: number
}): Promise<SimulatedAws> {
  const { journal, clock, seed } = input
  const state = stateOf(seed)
  // The journal holds what `record` put there.
  for (const { type, data } of journal.entries('aws')) apply(state, { type, data } as AwsEvent)
  const record = (event: AwsEvent) => {
    journal.append({ at: new Date(clock.now()).toISOString(), source: 'aws', ...event })
    apply(state, event)
  }
  const world = () => ({ state, now: clock.now(), record })
  const faults = createFaults()
  const log = createCallLog()
  const server = await serve(
    {
      faults,
      now: clock.now,
      perform: request => perform(request, world()),
      begin({ service, operation, params, accessKeyId }) {
        const at = new Date(clock.now()).toISOString()
        const caller = accessKeyId === undefined ? undefined : callerOf(state, clock.now(), accessKeyId)?.arn
        const call = { at, service: service.name, operation, input: summarize(params), ...(caller ? { caller } : {}) }
        return outcome => log.add({ ...call, outcome })
      },
    },
    input.port ?? 0,
  )
  const known = (accessKeyId: string): Caller => {
    const caller = callerOf(state, clock.now(), accessKeyId)
    if (!caller) throw new Error(`Nobody has the access key ${accessKeyId}`)
    return caller
  }
  return {
    ...server,
    snapshot: () => snapshotOf(state, clock.now()),
    userSession: at => signInAsUser(state, at),
    portalSession: choice => openPortalSession(state, clock.now(), choice, record),
    mfaSession: at => mfaSession(world(), at),
    mfaCode: at => mfaProof(state, clock.now(), at),
    switchRole: choice => switchRole(world(), choice),
    waysIn: ({ person, accountId }) => waysIn(state, clock.now(), person, accountId),
    changeBoundary: change => changeBoundary(world(), change),
    assumeRole: choice => assumeRole(world(), choice),
    assumeRoleWithSaml: choice => assumeRoleWithSaml(world(), choice),
    evaluate: ({ as, ...attempt }) => decide(state, known(as.accessKeyId), clock.now(), attempt),
    tryAction({ as, ...attempt }) {
      const caller = known(as.accessKeyId)
      const now = clock.now()
      if (caller.expiresAt !== undefined && now >= caller.expiresAt) return { allowed: false, message: expiredMessage }
      const decision = decide(state, caller, now, attempt)
      return decision.allowed
        ? { allowed: true }
        : { allowed: false, message: deniedMessage(caller, attempt, decision) }
    },
    whoCan: ({ actions }) => whoCan(state, clock.now(), seed.people, actions),
    faults,
    calls: log.calls,
    onCall: log.onCall,
  }
}
