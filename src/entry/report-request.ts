import { endAt } from '../adapters/slack/end-words.ts'
import { visible } from '../adapters/slack/mrkdwn.ts'
import type { AccessRequest, Announced, HistoryEntry, Settled, Target } from '../core/access-request.ts'
import { announcementsOwed } from '../core/announcements.ts'
import { sentenceOf } from '../core/audit.ts'
import { dueAtOf, type Work, workDue } from '../core/due.ts'
import { exactTime, hasCome, type Instant } from '../core/instant.ts'
import { holderWords, placeOf } from '../core/policy-place.ts'
import { type Member, type Roster, rosterDueAt } from '../core/roster.ts'
import { trueEndOf } from '../core/true-end.ts'
import { inColumns } from './columns.ts'
import { grantText } from './grant-text.ts'

/**
 * One request as a person at a terminal reads it: who, what and when, its record in sentences, what is being tried and
 * what comes next. `roster` is the one of its permission set. What people typed is shown without control characters.
 */
export function describeRequest(
  request: AccessRequest,
  roster: Roster | undefined,
  now: Instant,
  timeZone: string,
): string {
  const time = (at: Instant) => exactTime(at, timeZone)
  return [
    `${request.id}  ${request.status}`,
    '',
    inColumns(facts(request, time)),
    '',
    'Record',
    inColumns(request.history.map(entry => [time(entry.at), visible(recordSentence(request, entry))])),
    '',
    'Where it stands',
    inColumns([...standing(request, time), ...rosterRows(request, roster, now, time), nextRow(request, time)]),
  ].join('\n')
}

type Time = (at: Instant) => string

function facts(request: AccessRequest, time: Time): string[][] {
  const { requester, account, parameters, asked } = request
  const target = 'target' in request ? request.target : undefined
  const rows: [string, string | undefined][] = [
    ['Who', `${requester.name} (${requester.slackUserId}, ${requester.email})`],
    ['What', `${request.title.en} (${request.entitlementId})`],
    ['Where', `${account.name} (${account.id})${account.sensitive ? ', sensitive' : ''}`],
    ...Object.entries(parameters).map(([name, value]): [string, string] => [`  ${name}`, value]),
    ['Gives', grantText(asked)],
    ...wordsOf(request, target).map((line): [string, string] => ['', line]),
    ['AWS user', target?.userName],
    ['AWS name', target && nameInAws(target)],
    ['Why', request.reason],
    ['Ticket', request.ticket],
    ['For', `${request.durationMinutes} minutes`],
    ['Asked', time(request.submittedAt)],
    ...request.approvals.map(({ userId, at }): [string, string] => ['Approved', `${time(at)} by ${userId}`]),
    ['From', 'startsAt' in request ? time(request.startsAt) : undefined],
    ['Until', 'expiresAt' in request ? time(request.expiresAt) : undefined],
    ['Ends', 'expiresAt' in request ? endOf(request, time) : undefined],
    ['Gone', 'endedAt' in request ? time(request.endedAt) : undefined],
    ['Stray', request.stray ? `no request answers for it: ${request.stray.because}` : undefined],
    ['By hand', 'settledBy' in request ? settledText(request.settledBy) : undefined],
  ]
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [[label, visible(value)]]))
}

function endOf(request: AccessRequest & { expiresAt: Instant }, time: Time): string {
  return endAt(trueEndOf(request), request.expiresAt, time, 'en').join(' ').replaceAll('`', '')
}

function settledText(settled: Settled | undefined): string | undefined {
  if (!settled) return undefined
  const { userId, reason, confirmed } = settled
  return `${userId} removed it (${confirmed ? 'AWS confirmed that' : 'AWS could not confirm that'}): ${reason}`
}

function wordsOf({ asked }: AccessRequest, target: Target | undefined): string[] {
  if (asked.kind === 'permissionSet') {
    return target?.kind === 'permissionSet' ? target.content.words.lines.map(({ en }) => en) : []
  }
  if (asked.kind === 'assume') return []
  const exact = asked.statements.map(({ actions, resources }) => `${actions.join(', ')} on ${resources.join(', ')}`)
  return asked.words?.lines.map(({ en }) => en) ?? exact
}

function nameInAws(target: Target): string {
  return target.kind === 'permissionSet'
    ? `assignment of ${target.permissionSetArn} to ${target.principalId}`
    : `policy ${target.policyName} on ${holderWords(placeOf(target))}`
}

function recordSentence(request: AccessRequest, entry: HistoryEntry): string {
  const { count = 1 } = entry
  return `${sentenceOf(request, entry)}${count > 1 ? ` [${count} times; the last at this time]` : ''}`
}

function standing(request: AccessRequest, time: Time): string[][] {
  const retries = Object.entries(request.retries).flatMap(([kind, retry]) => (retry ? [{ kind, retry }] : []))
  return [
    ...retries.map(({ kind, retry }) => [
      kind === 'judge' ? 'Clicks' : 'Work',
      `${attempts(retry.attempts)} since ${time(retry.since)}, next ${time(retry.at)}: ${visible(retry.problem)}`,
    ]),
    ...(request.claim ? [['Held', `by a worker, until ${time(request.claim.until)} at most`]] : []),
    ...(request.quietAt
      ? [['Unheard', `a call without an answer may still take effect until ${time(request.quietAt)}`]]
      : []),
    ...request.clicks.map(({ action, userId, at }) => [
      'Click',
      `${action} by ${userId} at ${time(at)}, not judged yet`,
    ]),
    ...Object.entries(request.announced).map(([key, announced]) => [
      'Message',
      `${key}: ${messageState(announced, time)}`,
    ]),
    ...announcementsOwed(request).map(({ announcement: { key, shows } }) => [
      'Owed',
      `message ${key}, to show ${shows}`,
    ]),
  ]
}

function messageState({ ts, channel, shows, givenUp, retry }: Announced, time: Time): string {
  const stands = ts === undefined ? 'not known to be posted' : `stands in ${channel}, shows ${shows}`
  if (givenUp !== undefined) return `${stands}; given up`
  if (!retry) return stands
  return `${stands}; ${attempts(retry.attempts)}, next ${time(retry.at)}: ${visible(retry.problem)}`
}

function attempts(number: number): string {
  return number === 1 ? 'failed once' : `failed ${number} times`
}

function nextRow(request: AccessRequest, time: Time): string[] {
  const at = dueAtOf(request)
  const work = at && workDue(request, at)
  return ['Next', work ? `${works[work.kind]}, ${time(at)}` : 'nothing: it has come to its end']
}

const works: Record<Work['kind'], string> = {
  judge: 'judge a click',
  check: 'check in AWS whether it can be granted',
  lapse: 'lapse, if nobody decides',
  grant: 'bring the access about in AWS',
  confirm: 'look whether AWS still agrees',
  expire: 'end the access',
  remove: 'take the access away in AWS',
  announce: 'bring Slack up to date',
  prove: 'ask AWS whether it is gone',
}

function rosterRows(request: AccessRequest, roster: Roster | undefined, now: Instant, time: Time): string[][] {
  if (!roster || !('target' in request) || request.target.kind !== 'permissionSet') return []
  const { principalId } = request.target
  const member = roster.members[principalId]
  const holders = Object.entries(member?.heldBy ?? {}).map(([id, until]) => `${id} until ${time(until)}`)
  const dueAt = rosterDueAt(roster, now)
  const { retry } = roster
  return [
    [
      'Roster',
      member
        ? `${member.userName} is ${memberStates[member.state]}, held by ${holders.join(' and ') || 'no request'}`
        : 'not listed',
    ],
    ...(member?.failure ? [['', `AWS will not have them: ${visible(member.failure.message)}`]] : []),
    ...(retry
      ? [
          [
            '',
            `${attempts(retry.attempts)} since ${time(retry.since)}, next ${time(retry.at)}: ${visible(retry.problem)}`,
          ],
        ]
      : []),
    ...(dueAt ? [['', `worked on ${hasCome(dueAt, now) ? 'now' : time(dueAt)}`]] : []),
  ]
}

const memberStates: Record<Member['state'], string> = {
  absent: 'not there',
  creating: 'being assigned',
  present: 'there',
  removing: 'being taken off',
}
