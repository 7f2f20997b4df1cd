import { createHash } from 'node:crypto'
import {
  DescribePermissionSetCommand,
  GetInlinePolicyForPermissionSetCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  ListCustomerManagedPolicyReferencesInPermissionSetCommand,
  ListManagedPoliciesInPermissionSetCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { z } from 'zod'
import { afterEndOfSet } from '../../core/after-end.ts'
import { wordsForSet } from '../../core/plain-words.ts'
import type { ForeignStatement, SetContent } from '../../core/set-content.ts'
import { readActionFacts } from '../iam-data/action-facts.ts'
import { absent, present } from './faults.ts'
import { pagesOf } from './pages.ts'
import { sessionMinutesOf } from './permission-sets.ts'
import { send } from './send.ts'

type Set = { InstanceArn: string; PermissionSetArn: string }

/** What a caller who is in no hurry waits before each call. */
type Pause = () => Promise<void>

/** Reads what a permission set gives, looking up how long its sessions last; undefined when there is no such set. */
export async function findSetContent(
  ssoAdmin: SSOAdminClient,
  set: Set,
  deadline: AbortSignal,
  pause?: Pause,
): Promise<SetContent | undefined> {
  await pause?.()
  const answer = await send(ssoAdmin, new DescribePermissionSetCommand(set), { deadline }).catch(absent)
  return answer?.PermissionSet && readSetContent(ssoAdmin, set, sessionMinutesOf(answer.PermissionSet), deadline, pause)
}

/** Reads what a permission set gives: four calls one after the other, of which AWS takes 20 a second from everybody together. */
export async function readSetContent(
  ssoAdmin: SSOAdminClient,
  set: Set,
  sessionMinutes: number,
  deadline: AbortSignal,
  pause?: Pause,
): Promise<SetContent> {
  await pause?.()
  const managed = await managedIn(ssoAdmin, set, deadline)
  await pause?.()
  const customer = await customerIn(ssoAdmin, set, deadline)
  await pause?.()
  const { InlinePolicy } = await send(ssoAdmin, new GetInlinePolicyForPermissionSetCommand(set), { deadline })
  await pause?.()
  // A set without a boundary is answered with ResourceNotFound.
  const boundaryCommand = new GetPermissionsBoundaryForPermissionSetCommand(set)
  const boundary = await send(ssoAdmin, boundaryCommand, { deadline }).catch(absent)
  const { ManagedPolicyArn, CustomerManagedPolicyReference } = boundary?.PermissionsBoundary ?? {}
  const bounded = ManagedPolicyArn ?? (CustomerManagedPolicyReference && pathOf(CustomerManagedPolicyReference))
  const content = {
    sessionMinutes,
    managed: managed.sort(),
    customer: customer.sort(),
    ...(bounded === undefined ? {} : { boundary: bounded }),
    // AWS answers with an empty text where there is none.
    ...(InlinePolicy ? { inline: canonical(InlinePolicy) } : {}),
  }
  const inline = statementsOf(InlinePolicy)
  const facts = await readActionFacts(
    (inline ?? []).flatMap(({ actions }) => actions.map(one => one.split(':')[0] ?? '')),
  )
  const hash = createHash('sha256')
    .update(canonical(JSON.stringify(content)))
    .digest('hex')
  const parts = { managed, customer, inline }
  return { ...content, hash, words: wordsForSet(parts, facts), afterEnd: afterEndOfSet(parts, facts) }
}

async function managedIn(ssoAdmin: SSOAdminClient, set: Set, deadline: AbortSignal): Promise<string[]> {
  const list = (NextToken: string | undefined) =>
    send(ssoAdmin, new ListManagedPoliciesInPermissionSetCommand({ ...set, MaxResults: 100, NextToken }), { deadline })
  const arns: string[] = []
  for await (const { AttachedManagedPolicies = [] } of pagesOf(list)) {
    arns.push(...AttachedManagedPolicies.map(({ Arn }) => present(Arn, 'Arn')))
  }
  return arns
}

async function customerIn(ssoAdmin: SSOAdminClient, set: Set, deadline: AbortSignal): Promise<string[]> {
  const list = (NextToken: string | undefined) => {
    const input = { ...set, MaxResults: 100, NextToken }
    return send(ssoAdmin, new ListCustomerManagedPolicyReferencesInPermissionSetCommand(input), { deadline })
  }
  const paths: string[] = []
  for await (const { CustomerManagedPolicyReferences = [] } of pagesOf(list)) {
    paths.push(...CustomerManagedPolicyReferences.map(pathOf))
  }
  return paths
}

function pathOf({ Path = '/', Name }: { Path?: string | undefined; Name: string | undefined }): string {
  return `${Path}${present(Name, 'Name')}`
}

/** The same JSON in one spelling: keys sorted, no white space. What is not JSON stays as it is. */
function canonical(text: string): string {
  try {
    return JSON.stringify(sortedKeys(JSON.parse(text)))
  } catch {
    return text
  }
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortedKeys(inner)]))
}

const texts = z.union([z.string().transform(text => [text]), z.array(z.string())]).optional()

const statement = z
  .looseObject({
    Effect: z.enum(['Allow', 'Deny']),
    Action: texts,
    NotAction: texts,
    Resource: texts,
    NotResource: texts,
    Condition: z.unknown().optional(),
  })
  .transform(
    ({ Effect, Action, NotAction, Resource, NotResource, Condition }): ForeignStatement => ({
      effect: Effect,
      actions: Action ?? NotAction ?? [],
      allBut: NotAction !== undefined,
      // What is left out is not worth a line: the rest may be anything.
      resources: Resource ?? ['*'],
      narrowed: NotResource !== undefined || Condition !== undefined,
    }),
  )

const policy = z.looseObject({ Statement: z.union([statement.transform(one => [one]), z.array(statement)]) })

/** The statements of an inline policy; undefined where they cannot be read. */
function statementsOf(inlinePolicy: string | undefined): ForeignStatement[] | undefined {
  if (!inlinePolicy) return []
  try {
    return policy.parse(JSON.parse(inlinePolicy)).Statement
  } catch {
    return undefined
  }
}
