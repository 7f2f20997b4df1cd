import { z } from 'zod'
import { type EndAll, type EndAllId, isEndAllId } from '../../core/end-all.ts'
import { claim, count, instant, refusalCode, requestId, retry } from './schema-parts.ts'

/** A wish that everything of a person ends, as it is stored. */
export const endAllSchema: z.ZodType<EndAll> = z.looseObject({
  id: z.custom<EndAllId>(value => typeof value === 'string' && isEndAllId(value), 'not the id of such a wish'),
  version: count,
  writeId: z.string(),
  by: z.looseObject({ userId: z.string(), teamId: z.string(), language: z.enum(['en', 'ja']) }),
  personId: z.string(),
  reason: z.string(),
  at: instant,
  status: z.enum(['recorded', 'judged', 'refused']),
  code: refusalCode.exactOptional(),
  requests: z.array(requestId),
  listedAt: instant.exactOptional(),
  notice: z
    .looseObject({
      shows: z.string(),
      begunAt: instant,
      channel: z.string().exactOptional(),
      ts: z.string().exactOptional(),
    })
    .exactOptional(),
  closedAt: instant.exactOptional(),
  claim: claim.exactOptional(),
  retry: retry.exactOptional(),
  lookAt: instant.exactOptional(),
})
