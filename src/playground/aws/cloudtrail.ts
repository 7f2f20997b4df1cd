import { AwsError } from './aws-error.ts'
import type { Call, Operation } from './operation.ts'
import { page } from './parameters.ts'
import { type EntryEvent, entryEvent } from './trail.ts'

// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
const daysKept = 90
const pageLimit = 50

/** CloudTrail's operations, by name. It knows of entries into roles, in the account of the role and in the caller's. */
export const cloudTrailOperations: Record<string, Operation> = {
  LookupEvents(call) {
    const { params, now, state, caller } = call
    const isWanted = filterOf(params['LookupAttributes'] ?? [])
    const from = timeIn(call, 'StartTime') ?? 0
    const to = timeIn(call, 'EndTime') ?? now
    if (from > to) throw new AwsError('InvalidTimeRangeException', 'The start time must be before the end time.')
    const size = params['MaxResults'] ?? pageLimit
    if (typeof size !== 'number' || !Number.isInteger(size) || size < 1 || size > pageLimit)
      throw new AwsError('InvalidMaxResultsException', `MaxResults must be between 1 and ${pageLimit}.`)
    call.authorize('cloudtrail:LookupEvents')
    const kept = Math.max(from, now - daysKept * 86_400_000)
    const events = [...state.sessions.values()]
      .flatMap(session => (session.kind === 'assumed' ? [session] : []))
      .filter(({ startedAt }) => startedAt >= kept && startedAt <= to)
      .flatMap(session => entryEvent(session, caller.accountId) ?? [])
      .filter(isWanted)
      .reverse()
    const { items, next } = pageOf(call, events, size)
    return { Events: items, NextToken: next }
  },
}

const plainKeys = ['EventId', 'EventName', 'ReadOnly', 'Username', 'EventSource', 'AccessKeyId'] as const
const resourceKeys = ['ResourceName', 'ResourceType'] as const

function filterOf(attributes: unknown): (event: EntryEvent) => boolean {
  const [only, ...others] = Array.isArray(attributes) ? attributes : [undefined, undefined]
  if (others.length > 0) throw wrongAttributes('You can specify only one lookup attribute.')
  if (only === undefined) return () => true
  const { AttributeKey: key, AttributeValue: value } = only
  if (typeof value !== 'string' || value === '') throw wrongAttributes('A lookup attribute needs a value.')
  const plain = plainKeys.find(one => one === key)
  if (plain) return event => event[plain] === value
  const ofResource = resourceKeys.find(one => one === key)
  if (ofResource) return ({ Resources }) => Resources.some(one => one[ofResource] === value)
  throw wrongAttributes(`${key} is no lookup attribute.`)
}

const wrongAttributes = (message: string) => new AwsError('InvalidLookupAttributesException', message)

function timeIn({ params }: Call, name: string): number | undefined {
  const value = params[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number') throw new AwsError('SerializationException', `Expected a timestamp for ${name}`)
  return value * 1000
}

function pageOf({ params }: Call, events: EntryEvent[], size: number) {
  const { NextToken: token, MaxResults: _size, ...asked } = params
  try {
    return page(events, `LookupEvents ${JSON.stringify(asked)}`, size, token === undefined ? undefined : String(token))
  } catch {
    throw new AwsError('InvalidNextTokenException', 'The specified next token is not valid.')
  }
}
