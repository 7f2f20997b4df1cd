import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isRequestId, type RequestId, requestIdFrom } from '../../core/ids.ts'

/** Who clicked or sent a form. `teamId` is their own team, which in a shared channel is not the app's. */
export type Actor = { userId: string; teamId: string }

/** A click on one of our buttons. `id` is the same for a redelivered click. */
export type ButtonClick = Actor & { id: string; triggerId: string; requestId: RequestId | undefined }

/** A form as it was sent. `id` is the same for a repeated submission of the same form. */
export type SentForm = Actor & {
  id: string
  requestId: RequestId
  privateMetadata: string
  blockIds: string[]
  stateValues: unknown
}

/** Reads a `block_actions` payload of a button. Throws a ZodError when it is not one. */
export function readButtonClick(body: unknown): ButtonClick {
  const { actions, trigger_id, ...who } = buttonClick.parse(body)
  const value = actions[0].value ?? ''
  return {
    ...actorOf(who),
    id: clickIdOf(trigger_id),
    triggerId: trigger_id,
    requestId: isRequestId(value) ? value : undefined,
  }
}

/** Reads a `view_submission` payload. Throws a ZodError when it is not one. */
export function readSentForm(body: unknown): SentForm {
  const { view, ...who } = sentForm.parse(body)
  const actor = actorOf(who)
  return {
    ...actor,
    id: clickIdOf(view.id),
    requestId: requestIdFrom(createHash('sha256').update(`${actor.teamId}:${view.id}`).digest()),
    privateMetadata: view.private_metadata,
    blockIds: view.blocks.flatMap(({ block_id }) => block_id ?? []),
    stateValues: view.state.values,
  }
}

/** Reads the `block_actions` payload of a menu inside a form. Throws a ZodError when it is not one. */
export function readFormChange(body: unknown): Actor & { viewId: string; stateValues: unknown } {
  const { view, ...who } = formChange.parse(body)
  return { ...actorOf(who), viewId: view.id, stateValues: view.state.values }
}

/** Only where Slack leaves the user's own team out is it the one the payload came through (platform: D6). */
function actorOf({ user, team }: z.infer<typeof actor>): Actor {
  return { userId: user.id, teamId: user.team_id ?? team?.id ?? '' }
}

function clickIdOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20)
}

const actor = z.object({
  user: z.object({ id: z.string(), team_id: z.string().optional() }),
  team: z.object({ id: z.string() }).nullish(),
})

const view = z.object({ id: z.string(), state: z.object({ values: z.unknown() }) })

const buttonClick = actor.extend({
  trigger_id: z.string(),
  actions: z.tuple([z.object({ value: z.string().optional() })], z.unknown()),
})

const sentForm = actor.extend({
  view: view.extend({
    private_metadata: z.string(),
    blocks: z.array(z.object({ block_id: z.string().optional() })),
  }),
})

const formChange = actor.extend({ view })
