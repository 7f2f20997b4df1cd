import { z } from 'zod'
import type { Instant } from '../../core/instant.ts'
import type { Finding, Look, Reconciled, StrayPolicy } from '../../core/reconcile.ts'
import { count, instant, requestId } from './schema-parts.ts'

/** The last comparison with AWS, as it is stored. */
export const reconciledSchema: z.ZodType<Reconciled> = z.looseObject({
  version: count,
  writeId: z.string(),
  day: z.string(),
  // What was stored before there were signs of life counts as long ago.
  aliveAt: instant.default('1970-01-01T00:00:00Z' as Instant),
  done: z.boolean(),
  standing: z.string(),
})

const policy = {
  accountId: z.string(),
  principal: z.enum(['user', 'role']),
  name: z.string(),
  policyName: z.string(),
}
const set = { accountId: z.string(), permissionSet: z.string(), permissionSetArn: z.string() }
const principal = {
  principalType: z.enum(['USER', 'GROUP']),
  principalId: z.string(),
  name: z.string().exactOptional(),
}
const because = z.custom<StrayPolicy['because']>(value => typeof value === 'string', 'not a status')

const finding: z.ZodType<Finding> = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('stray_policy'), because, ...policy }),
  z.looseObject({ kind: z.literal('missing_policy'), requestId, ...policy }),
  z.looseObject({
    ...{ kind: z.literal('missing_assignment'), principalId: z.string(), userName: z.string() },
    ...{ requestIds: z.array(requestId), ...set },
  }),
  z.looseObject({ kind: z.literal('foreign_assignment'), ...principal, ...set }),
  z.looseObject({ kind: z.literal('group_assignment'), ...principal, ...set }),
])

/** What was found in a place, as it is stored. */
export const lookSchema: z.ZodType<Look> = z.looseObject({
  place: z.string(),
  version: count,
  writeId: z.string(),
  at: instant,
  findings: z.array(finding),
})
