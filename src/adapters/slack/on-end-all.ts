import type { ViewResponseAction } from '@slack/bolt'
import { readGroups } from '../../app/read-groups.ts'
import { recordEndAll } from '../../app/record-end-all.ts'
import { isIn } from '../../core/approval-rules.ts'
import { endAllIdOf, isLive } from '../../core/end-all.ts'
import {
  type EndAllFacts,
  endAllProblems,
  readEndAllForm,
  renderEndAllForm,
  renderNotAnOperator,
} from './end-all-form.ts'
import { askSlack } from './faults.ts'
import { readLanguage } from './form-facts.ts'
import { type Interaction, writeMilliseconds } from './listening.ts'
import { openView } from './open-view.ts'
import type { Actor, SentForm } from './payloads.ts'

/** What follows `/request-access`: `end`, and whom it names, as Slack writes mentions or as a user id. */
export function readEndCommand(text: string): { personId?: string } | undefined {
  const found = /^\s*end(?:\s+(?:<@(?<mentioned>[UW][A-Z0-9]+)(?:\|[^>]*)?>|(?<id>[UW][A-Z0-9]{2,})))?\s*$/.exec(text)
  const personId = found?.groups?.['mentioned'] ?? found?.groups?.['id']
  return found ? { ...(personId && { personId }) } : undefined
}

/** Opens the form that ends everything of a person; whoever is known to be no operator reads that instead. */
export async function openEndAllForm(
  interaction: Interaction,
  { userId, triggerId, personId }: { userId: string; triggerId: string; personId?: string },
): Promise<void> {
  const [language, operator, live] = await Promise.all([
    readLanguage(interaction, userId),
    readOperator(interaction, userId),
    readLive(interaction, personId),
  ])
  const facts: EndAllFacts = { personId, named: personId !== undefined, live: operator === 'yes' ? live : undefined }
  const view = operator === 'no' ? renderNotAnOperator(language) : renderEndAllForm(facts, language)
  await openView(interaction, triggerId, view)
}

/** Shows what the person who was just chosen has; what was filled in stays. */
export async function redrawEndAllForm(
  interaction: Interaction,
  { userId, viewId, stateValues }: Actor & { viewId: string; stateValues: unknown },
): Promise<void> {
  const { client, inTime } = interaction
  const { personId } = readEndAllForm(stateValues)
  const [language, operator, live] = await Promise.all([
    readLanguage(interaction, userId),
    readOperator(interaction, userId),
    readLive(interaction, personId),
  ])
  if (operator !== 'yes') return
  const view = renderEndAllForm({ personId, named: false, live }, language)
  await inTime(() => askSlack('views.update', () => client.views.update({ view_id: viewId, view })))
}

/** Records the wish; returns what Slack shows at the form, or nothing when it may close. */
export async function sendEndAll(
  interaction: Interaction,
  { userId, teamId, requestId, privateMetadata, stateValues }: SentForm,
): Promise<ViewResponseAction | undefined> {
  const { ports, inTime } = interaction
  const { personId = privateMetadata, reason } = readEndAllForm(stateValues)
  const language = await readLanguage(interaction, userId)
  if (personId === '') return { response_action: 'errors', errors: { person: endAllProblems.noPerson[language] } }
  if (reason === '') return { response_action: 'errors', errors: { reason: endAllProblems.noReason[language] } }
  const wish = { id: endAllIdOf(requestId), by: { userId, teamId, language }, personId, reason }
  await inTime(() => recordEndAll(ports, wish), writeMilliseconds)
}

/** For drawing only: the wish is judged when it is recorded. What Slack does not tell in time is not known. */
async function readOperator(
  { ports, catalogue, inTime }: Interaction,
  userId: string,
): Promise<'yes' | 'no' | 'unknown'> {
  const read = () => readGroups(ports.directory, catalogue, catalogue.operators)
  const groups = await inTime(read, readMilliseconds).catch(() => ({}))
  return isIn(catalogue.operators, { groups }, userId, 'not_an_operator').answer
}

/** What the person has or waits for, by the index, which lags; undefined when it could not be read in time. */
async function readLive({ ports, inTime }: Interaction, personId: string | undefined): Promise<EndAllFacts['live']> {
  if (personId === undefined) return undefined
  const read = () => ports.table.byRequester(personId, 50)
  const found = await inTime(read, readMilliseconds).catch(() => undefined)
  return found?.filter(isLive)
}

/** A trigger lives for 3 s and opening the view takes its share (platform: D1). */
const readMilliseconds = 800
